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

// A list of languages by family gets a field that narrows it; accents count as their plain letters.
addEventListener("DOMContentLoaded", () => {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  document.querySelectorAll(".families").forEach((list) => {
    const label = document.createElement("label"), field = document.createElement("input");
    label.className = "find-language";
    label.append("Find a language ", field);
    field.type = "search";
    field.addEventListener("input", () => {
      const wanted = plain(field.value.trim());
      list.querySelectorAll(".family").forEach((family) => {
        const names = [...family.querySelectorAll("li")];
        names.forEach((name) => { name.hidden = !plain(name.dataset.name).includes(wanted); });
        family.hidden = names.every((name) => name.hidden);
      });
    });
    list.prepend(label);
  });
  // The opened list closes as a menu does: by Escape, by a look elsewhere.
  document.querySelectorAll(".studies details").forEach((menu) => {
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); }
    });
    addEventListener("click", (event) => { if (!menu.contains(event.target)) { menu.open = false; } });
  });
});
