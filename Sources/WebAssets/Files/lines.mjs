// Lines of code: a click on a number marks its line, one with Shift the lines up to there, and the address says which.
export default function (element) {
  let first = 0;
  const mark = () => {
    for (const link of document.querySelectorAll("a[data-key=y]")) link.hash = location.hash;
    for (const row of element.querySelectorAll("tr.marked")) row.classList.remove("marked");
    const range = /^#L(\d{1,7})(?:-L(\d{1,7}))?$/.exec(location.hash);
    if (!range) return null;
    const ends = [Number(range[1]), Number(range[2] ?? range[1])].sort((a, b) => a - b);
    first = ends[0];
    for (let line = ends[0]; line <= Math.min(ends[1], ends[0] + 5000); line++)
      element.querySelector(`#L${line}`)?.classList.add("marked");
    return element.querySelector(`#L${ends[0]}`);
  };
  element.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const line = Number(link.dataset.line);
    const hash = event.shiftKey && first && first !== line
      ? `#L${Math.min(first, line)}-L${Math.max(first, line)}` : `#L${line}`;
    history.replaceState(history.state, "", hash);
    mark();
    first = event.shiftKey ? first : line;
  });
  addEventListener("hashchange", mark);
  mark()?.scrollIntoView({ block: "center" });
}
