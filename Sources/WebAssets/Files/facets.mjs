// A field in each long facet that leaves only the choices with what is typed.
export default function (place) {
  for (const field of place.querySelectorAll("[data-facet-search]")) {
    const set = field.closest("fieldset");
    const more = set.querySelector(".facet-more");
    const choices = [...set.querySelectorAll(".facet-choice")];
    field.hidden = false;
    field.addEventListener("input", (event) => {
      event.stopPropagation();
      const text = field.value.trim().toLowerCase();
      for (const choice of choices) {
        const box = choice.querySelector("input");
        choice.hidden = text !== "" && !box.checked && !choice.textContent.toLowerCase().includes(text);
      }
      if (more) more.open = text !== "" || more.open;
    });
    // Typing here is no change of the form.
    field.addEventListener("change", (event) => event.stopPropagation());
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }
}
