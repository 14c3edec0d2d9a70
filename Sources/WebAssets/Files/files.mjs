// The list of files narrows while somebody types; the form asks the hub for all paths.
export default function (element) {
  const input = element.querySelector("input[type=search]");
  const rows = [...document.querySelectorAll("table.files tbody tr:not(.up)")];
  input?.addEventListener("input", () => {
    const words = input.value.toLowerCase();
    for (const row of rows) row.hidden = !row.cells[0].textContent.toLowerCase().includes(words);
  });
}
