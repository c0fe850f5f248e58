/* Brings the still pictures of a page to life.  Loaded in <head> after vega.js; works from file://.
   Each figure carries its specification as JSON beside its picture (see lib/report/figures.py). */
(function () {
  "use strict";

  /* Legends above a figure get as many columns as fit beside the axis (`usermeta.inset`).  Small multiples know no container width, so their panels
     follow the frame: `usermeta.fit` gives the most columns, the least and most width of a panel, and the room taken
     by axes and gaps. */
  function fitting(meta, frame) {
    return function (vega) {
      var room = frame.clientWidth, beside = room - (meta.inset || 0), fit = meta.fit, columns, width;
      (vega.legends || []).forEach(function (legend) {
        if (legend.direction === "horizontal" && legend.type !== "gradient" && beside < 600) { legend.columns = beside < 400 ? 1 : 2; }
      });
      if (!fit) { return vega; }
      room -= fit.margin;
      columns = fit.fixed ? fit.columns : Math.max(1, Math.min(fit.columns, Math.floor(room / (fit.least + fit.gap))));
      width = Math.max(fit.least, Math.min(Math.floor(room / columns - fit.gap), fit.most || room));
      vega.signals.forEach(function (signal) {
        if (!/^(child_?width|concat_\d+_width)$/i.test(signal.name)) { return; }
        signal.value = width;
        delete signal.update;
        delete signal.init;
      });
      if (!fit.fixed) { vega.layout.columns = columns; }
      return vega;
    };
  }

  function tools(box, view) {
    var row = box.querySelector(".study-tools"), name = box.id.replace(/^chart-/, "").replace(/-[0-9a-f]+$/, "");
    if (!row || row.querySelector("button")) { return; }
    ["SVG", "PNG"].forEach(function (kind) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = "Save " + kind;
      button.addEventListener("click", function () {
        box.chartView.toImageURL(kind.toLowerCase(), kind === "PNG" ? 2 : 1).then(function (url) {
          var link = document.createElement("a");
          link.href = url;
          link.download = name + "." + kind.toLowerCase();
          link.click();
        });
      });
      row.insertBefore(button, row.querySelector("details"));
    });
  }

  function draw(box) {
    var frame = box.querySelector(".chart-frame"), still = box.querySelector(".chart-still");
    var spec = JSON.parse(box.querySelector(".chart-spec").textContent);
    var live = document.createElement("div");
    live.className = "chart-live";
    frame.appendChild(live);
    if (still) { still.style.display = "none"; }
    box.chartWidth = frame.clientWidth;
    return window.vegaEmbed(live, spec, {
      mode: "vega-lite", renderer: "svg", actions: false, ast: false, patch: fitting(spec.usermeta || {}, frame),
      tooltip: { theme: "custom" }
    }).then(function (result) {
      if (box.chartLive) { box.chartView.finalize(); box.chartLive.remove(); }
      if (still) { still.remove(); }
      box.chartView = result.view;
      box.chartLive = live;
      box.classList.add("chart-drawn");
      tools(box, result.view);
    }).catch(function (error) {
      live.remove();
      if (still) { still.style.display = ""; }
      console.error(error);
    });
  }

  /* A figure in a closed fold has no width yet; one whose width changes without the window's must be told. */
  function watch(box) {
    var frame = box.querySelector(".chart-frame"), waiting = null;
    if (!window.ResizeObserver) { draw(box); return; }
    new ResizeObserver(function () {
      var width = frame.clientWidth;
      if (!width || Math.abs(width - (box.chartWidth || 0)) < 2) { return; }
      if (!box.chartWidth) { draw(box); return; }
      clearTimeout(waiting);
      waiting = setTimeout(function () { draw(box); }, 150);
    }).observe(frame);
  }

  function start() {
    if (!window.vegaEmbed) { return; }  /* the pictures stay */
    document.querySelectorAll(".study-chart").forEach(watch);
  }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
})();
