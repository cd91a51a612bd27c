"use strict";
// Tables that sort and filter. Without it the page says the same.
{
  const cell = (row, column) => row.cells[column];
  const value = (row, column) => cell(row, column).dataset.value ?? cell(row, column).textContent.trim();
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });

  const sort = (table, column, down) => {
    const rows = [...table.tBodies[0].rows];
    rows.sort((one, other) => order.compare(value(one, column), value(other, column)) * (down ? -1 : 1));
    table.tBodies[0].append(...rows);
    [...table.tHead.rows[0].cells].forEach((head, place) => {
      if (place === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  };

  const prepare = (table) => {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      const figures = head.classList.contains("number") && column > 0;
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        sort(table, column, now ? now === "ascending" : figures);
      });
    });
  };

  const filter = (input) => {
    const table = document.getElementById(input.dataset.filters);
    const rows = [...table.tBodies[0].rows];
    const status = input.closest(".filter").querySelector(".filter-status");
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = rows.filter((row) => {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      return !row.hidden;
    });
    status.textContent = words.length ? `${shown.length} of ${rows.length}` : "";
  };

  document.querySelectorAll("table[data-sorts]").forEach(prepare);
  document.querySelectorAll("input[data-filters]").forEach((input) => {
    input.closest(".filter").hidden = false;
    input.addEventListener("input", () => filter(input));
  });
}
