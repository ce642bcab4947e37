'use strict';
(() => {
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  // on a touch screen a drag scrolls the page and not the picture
  const touch = matchMedia('(pointer: coarse)').matches;
  const drawn = new Set();
  let printing = false;

  function figureOf(div) {
    const figures = JSON.parse(document.getElementById('data-' + div.id).textContent);
    return figures[Math.min(Number(div.dataset.plot || 0), figures.length - 1)];
  }

  function draw(div) {
    const { data, layout, config } = figureOf(div);
    if (touch) layout.dragmode = false;
    if (printing) Object.assign(layout, { width: div.clientWidth, height: div.clientHeight });
    Plotly.react(div, data, layout, config);
    if (drawn.has(div)) return;
    drawn.add(div);
    div.on('plotly_click', event => {
      const row = document.getElementById(String(event.points[0].customdata || ''));
      if (row) location.hash = row.id;
    });
  }

  // pictures are drawn first when they come near the screen
  const near = new IntersectionObserver(entries => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: '500px' });
  $$('.plot').forEach(div => near.observe(div));

  // and the rest one by one, with a pause for the reader's clicks between them, so that the whole page can be saved or photographed
  const rest = () => {
    const next = $$('.plot').find(div => !drawn.has(div) && div.clientWidth > 0);
    if (!next) return;
    near.unobserve(next);
    draw(next);
    setTimeout(rest, 20);
  };
  addEventListener('load', () => setTimeout(rest, 300));

  for (const choice of $$('.choice')) {
    const buttons = $$('button', choice), plots = $$('.plot', choice.closest('.card'));
    for (const button of buttons) {
      button.addEventListener('click', () => {
        buttons.forEach(b => b.setAttribute('aria-pressed', String(b === button)));
        for (const div of plots) {
          div.dataset.plot = button.dataset.plot;
          if (drawn.has(div)) draw(div);
        }
      });
    }
  }

  for (const table of $$('table.runs')) {
    const body = table.tBodies[0], heads = $$('thead th', table);
    heads.forEach((head, column) => head.firstChild.addEventListener('click', () => {
      const sign = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
      heads.forEach(h => h.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending');
      const numeric = head.classList.contains('n');
      const key = row => {
        const cell = row.cells[column];
        if (!numeric) return cell.textContent;
        return cell.dataset.v === '' ? NaN : Number(cell.dataset.v);
      };
      const rows = [...body.rows].map(row => [key(row), row]);
      rows.sort(([a], [b]) => {
        if (!numeric) return sign * a.localeCompare(b, 'en', { numeric: true });
        // rows without a number stay at the end
        return Number.isNaN(a) - Number.isNaN(b) || sign * (a - b) || 0;
      });
      body.append(...rows.map(([, row]) => row));
    }));
  }

  for (const input of $$('input[data-table]')) {
    const table = document.getElementById(input.dataset.table), count = document.getElementById('count-' + table.id);
    const rows = [...table.tBodies[0].rows];
    input.addEventListener('input', () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(w => w);
      let shown = 0;
      for (const row of rows) {
        const text = [...row.cells].map(c => c.textContent.toLowerCase());
        // a number must be a whole cell, so that depth 8 is not found in 18
        row.hidden = !words.every(w => /^[\d.]+$/.test(w) ? text.includes(w) : text.some(t => t.includes(w)));
        shown += !row.hidden;
      }
      count.textContent = shown === rows.length ? `${rows.length} rows` : `${shown} of ${rows.length} rows`;
    });
  }

  // buttons that fill in a filter
  for (const button of $$('button[data-filter]')) {
    button.addEventListener('click', () => {
      const input = document.querySelector(`input[data-table="${button.dataset.filter}"]`);
      input.value = button.dataset.words;
      input.dispatchEvent(new Event('input'));
    });
  }

  // a link to a row that the filter hides shows that row; a row with details opens them
  const show = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || target.localName !== 'tr') return;
    $$('details', target).forEach(d => { d.open = true; });
    if (!target.hidden && !$$('details', target).length) return;
    target.hidden = false;
    target.scrollIntoView({ block: 'center' });
  };
  addEventListener('hashchange', show);
  show();

  let closed = [];
  addEventListener('beforeprint', () => {
    printing = true;
    closed = $$('details:not([open])');
    closed.forEach(d => { d.open = true; });
    document.body.classList.add('printing');
    $$('.plot').forEach(draw);
  });
  addEventListener('afterprint', () => {
    printing = false;
    document.body.classList.remove('printing');
    closed.forEach(d => { d.open = false; });
    // back to the screen's size, again when near it
    for (const div of drawn) {
      Plotly.purge(div);
      near.observe(div);
    }
    drawn.clear();
  });
})();
