/// Makes rows of lists and tables tighter, which the browser remembers; scripts show it.
package enum DensityButton {
    package static func view(_ t: L10n) -> HTML {
        """
        <button class="quiet density" type="button" hidden data-density aria-pressed="false" title="\(t.denseRows)">\
        \(Icon.view("menu"))<span class="hidden">\(t.denseRows)</span></button>
        """
    }
}
