/* Lays obstacle graphics along a line: the rule of docs/symbols.md, as geoconflict/layers/symbols.py has it.
 *
 * geoconflictSymbols(spec) returns {place, chosen, scaleAt}. spec is the content of symbols.json.
 * place(name, points, {scale, planned}) takes points [[x, y], ...] in CSS pixels, y downwards, the enemy on the
 * left as a reader sees it, and returns shapes {points, closed, fill, width, dash}, lines first.
 * It touches neither the page nor the map, and makes no request.
 */
"use strict";
var geoconflictSymbols = function (spec) {
  var ARC = 15, LEAST_FOOT = 1.5;

  function hypot(dx, dy) { return Math.sqrt(dx * dx + dy * dy); }

  function outline(element) {
    if (element.type === "polyline") { return { points: element.points, closed: false }; }
    if (element.type === "polygon") { return { points: element.points, closed: true }; }
    var circle = element.type === "circle";
    var from = circle ? 0 : element.from, to = circle ? 360 - ARC : element.to;
    var count = Math.max(Math.round(Math.abs(to - from) / ARC), 2);
    var points = [];
    for (var i = 0; i <= count; i++) {
      var angle = (from + (to - from) * i / count) * Math.PI / 180;
      points.push([element.center[0] + element.radius * Math.cos(angle),
        element.center[1] + element.radius * Math.sin(angle)]);
    }
    return { points: points, closed: circle };
  }

  /* Distance from a point to a segment. */
  function off(p, a, b) {
    var dx = b[0] - a[0], dy = b[1] - a[1], size = dx * dx + dy * dy;
    var t = size ? Math.min(1, Math.max(0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / size)) : 0;
    return hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
  }

  /* Douglas and Peucker, without recursion: a border has many points. */
  function simplify(points, tolerance) {
    if (points.length < 3) { return points; }
    var keep = new Uint8Array(points.length), stack = [[0, points.length - 1]];
    keep[0] = keep[points.length - 1] = 1;
    while (stack.length) {
      var span = stack.pop(), far = -1, most = tolerance;
      for (var i = span[0] + 1; i < span[1]; i++) {
        var d = off(points[i], points[span[0]], points[span[1]]);
        if (d > most) { most = d; far = i; }
      }
      if (far > 0) { keep[far] = 1; stack.push([span[0], far], [far, span[1]]); }
    }
    return points.filter(function (_, i) { return keep[i]; });
  }

  /* A line by its arc length. */
  function Carrier(points) {
    this.points = points;
    this.lengths = [0];
    for (var i = 1; i < points.length; i++) {
      this.lengths.push(this.lengths[i - 1] + hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]));
    }
    this.whole = this.lengths[this.lengths.length - 1];
  }
  Carrier.prototype.at = function (s) {
    var low = 0, high = this.lengths.length - 1;
    while (low < high - 1) {
      var middle = (low + high) >> 1;
      if (this.lengths[middle] <= s) { low = middle; } else { high = middle; }
    }
    var span = this.lengths[low + 1] - this.lengths[low];
    var share = span > 0 ? (s - this.lengths[low]) / span : 0, a = this.points[low], b = this.points[low + 1];
    return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
  };
  /* Vertices at which the line turns by more than the corner of the rule, with both ends. */
  Carrier.prototype.corners = function () {
    var out = [0], p = this.points;
    for (var i = 1; i < p.length - 1; i++) {
      var turn = Math.atan2(p[i + 1][1] - p[i][1], p[i + 1][0] - p[i][0]) -
        Math.atan2(p[i][1] - p[i - 1][1], p[i][0] - p[i - 1][0]);
      turn = Math.abs(((turn + Math.PI) % (2 * Math.PI) + 2 * Math.PI) % (2 * Math.PI) - Math.PI);
      if (turn > spec.corner_deg * Math.PI / 180) { out.push(i); }
    }
    out.push(p.length - 1);
    return out;
  };
  Carrier.prototype.between = function (from, to) {
    var out = [this.at(from)];
    for (var i = 0; i < this.points.length; i++) {
      if (this.lengths[i] > from && this.lengths[i] < to) { out.push(this.points[i]); }
    }
    out.push(this.at(to));
    return out;
  };

  /* Remembers where glyphs stand, in cells, so that one does not run into another. */
  function Kept(least) { this.least = least; this.cells = {}; }
  Kept.prototype.take = function (x, y) {
    var cx = Math.floor(x / this.least), cy = Math.floor(y / this.least);
    for (var i = cx - 1; i <= cx + 1; i++) {
      for (var j = cy - 1; j <= cy + 1; j++) {
        var there = this.cells[i + " " + j] || [];
        for (var k = 0; k < there.length; k++) {
          if (hypot(there[k][0] - x, there[k][1] - y) < this.least) { return false; }
        }
      }
    }
    var cell = cx + " " + cy;
    (this.cells[cell] = this.cells[cell] || []).push([x, y]);
    return true;
  };

  function foot(pattern) {
    var half = LEAST_FOOT, low = Infinity, high = -Infinity;
    pattern.elements.forEach(function (element) {
      outline(element).points.forEach(function (p) {
        half = Math.max(half, Math.abs(p[0])); low = Math.min(low, p[1]); high = Math.max(high, p[1]);
      });
    });
    return { half: half, middle: (low + high) / 2 };
  }

  function stand(carrier, at, low, high, half, xScale) {
    var a = carrier.at(low), b = carrier.at(high), chord = hypot(b[0] - a[0], b[1] - a[1]);
    return {
      at: at, half: half, chord: chord, x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2, xScale: xScale,
      dx: chord ? (b[0] - a[0]) / chord : 1, dy: chord ? (b[1] - a[1]) / chord : 0
    };
  }

  function stands(carrier, pattern, scale) {
    var size = foot(pattern), period = pattern.period * scale, out = [], reach = size.half * scale, i;
    if (pattern.at === "ends") {
      if (carrier.whole < 8 * reach) { return out; }
      [reach, carrier.whole - reach].forEach(function (at) {
        var found = stand(carrier, at, at - reach, at + reach, reach, scale);
        if (found.chord >= reach) { out.push(found); }
      });
      return out;
    }
    var kept = new Kept(spec.least_gap * Math.min(period, (2 * size.half + 1) * scale)), corners = carrier.corners();
    for (var c = 0; c + 1 < corners.length; c++) {
      var start = carrier.lengths[corners[c]], length = carrier.lengths[corners[c + 1]] - start;
      var count = Math.max(roundHalfEven(length / period), 1), step = length / count;
      if (step < spec.least_step * period) { continue; }
      var half = pattern.stretch ? step / 2 : reach;
      for (i = 0; i < count; i++) {
        var at = start + (i + 0.5) * step;
        var low = Math.max(at - half, start), high = Math.min(at + half, start + length);
        var found = stand(carrier, at, low, high, half, scale);
        if (found.chord < 0.6 * (high - low)) { continue; }
        if (pattern.stretch) { found.xScale = found.chord / pattern.period; }
        var lift = size.middle * scale;
        if (kept.take(found.x - found.dy * lift, found.y + found.dx * lift)) { out.push(found); }
      }
    }
    return out;
  }

  /* As Python rounds, so that both lay the same number of glyphs. */
  function roundHalfEven(value) {
    var low = Math.floor(value), rest = value - low;
    if (rest === 0.5) { return low % 2 ? low + 1 : low; }
    return Math.round(value);
  }

  function glyph(at, pattern, scale, hollow) {
    return pattern.elements.map(function (element) {
      var shape = outline(element);
      return {
        points: shape.points.map(function (p) {
          return [at.x + p[0] * at.xScale * at.dx - p[1] * scale * at.dy,
            at.y + p[0] * at.xScale * at.dy + p[1] * scale * at.dx];
        }),
        closed: shape.closed, fill: !!element.fill && !hollow,
        width: (element.width || pattern.width) * Math.max(scale, 0.6), dash: []
      };
    });
  }

  function lines(carrier, found, pattern, scale, planned) {
    var size = Math.max(scale, 0.6), line = pattern.line, clear = (pattern.clear || 0) * scale / 2;
    var dash = (planned ? spec.planned.dash : line.dash).map(function (step) { return step * size; });
    function shape(points) { return { points: points, closed: false, fill: false, width: line.width * size, dash: dash }; }
    var pad = pattern.stretch ? 0 : scale, covered = [];
    found.forEach(function (at) {
      if (line.where !== "all") { covered.push([at.at - at.half - pad, at.at + at.half + pad]); }
      else if (clear) { covered.push([at.at - clear, at.at + clear]); }
    });
    if (!covered.length) { return [shape(carrier.points)]; }
    covered.push([carrier.whole, Infinity]);
    var out = [], from = 0;
    covered.forEach(function (part) {
      if (part[0] - from > 0.5 * scale) { out.push(shape(carrier.between(from, part[0]))); }
      from = Math.max(from, part[1]);
    });
    return out;
  }

  function up(points) { return points.map(function (p) { return [p[0], -p[1]]; }); }

  function place(name, points, options) {
    var pattern = spec.lines[name], scale = options && options.scale !== undefined ? options.scale : 1;
    var planned = !!(options && options.planned);
    if (!pattern) { throw new Error("no line pattern " + name); }
    var distinct = up(points).filter(function (p, i, all) {
      return i === 0 || p[0] !== all[i - 1][0] || p[1] !== all[i - 1][1];
    });
    var carrier = new Carrier(simplify(distinct, spec.carrier_tolerance * Math.max(scale, 0.5)));
    if (carrier.points.length < 2) { return []; }
    var found = scale > 0 ? stands(carrier, pattern, scale) : [];
    var out = lines(carrier, found, pattern, scale, planned);
    found.forEach(function (at) { out = out.concat(glyph(at, pattern, scale, planned && spec.planned.hollow)); });
    out.forEach(function (shape) { shape.points = up(shape.points); });
    return out;
  }

  function chosen(kind, status) {
    var entry = spec.types[kind];
    if (!entry) { return null; }
    var line = entry.by_status[status] || entry.line;
    return { line: line, area: spec.areas[line] ? line : entry.area, planned: spec.planned.statuses.indexOf(status) >= 0 };
  }

  function scaleAt(zoom) {
    for (var i = 0; i < spec.levels.length; i++) { if (zoom < spec.levels[i].below_zoom) { return spec.levels[i].scale; } }
    return spec.levels[spec.levels.length - 1].scale;
  }

  return { place: place, chosen: chosen, scaleAt: scaleAt };
};
