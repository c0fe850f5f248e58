"use strict";

// Search shows an excerpt of each page it finds by fetching it, which a browser forbids to pages opened from a folder.
if (location.protocol === "file:") { DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false; }

// A formula or a listing wider than a narrow screen scrolls by itself: then the keyboard must reach it, too.
addEventListener("DOMContentLoaded", () => {
  const reachable = new ResizeObserver((entries) => entries.forEach(({ target }) => {
    if (target.scrollWidth > target.clientWidth) { target.tabIndex = 0; } else { target.removeAttribute("tabindex"); }
  }));
  document.querySelectorAll("div.math, .highlight pre").forEach((box) => reachable.observe(box));
});
