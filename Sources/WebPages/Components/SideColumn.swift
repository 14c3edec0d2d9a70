/// A main column with another beside it, which in narrow windows stands above or below.
package enum SideColumn {
    package enum Place: Sendable { case before, after }

    /// - Parameters:
    ///   - label: what the side column holds.
    ///   - place: on which side it stands; the same order in narrow windows.
    ///   - folds: whether it is a closed box in narrow windows, as filters are.
    package static func view(
        _ label: String, side: HTML, place: Place, folds: Bool = false, isSticky: Bool = false, main: HTML
    ) -> HTML {
        let content = folds ? SideFold.view(label, side) : side
        let column: HTML = """
            <aside class="\(isSticky ? "side sticky" : "side")" aria-label="\(label)">\(content)</aside>
            """
        let center: HTML = "<div class=\"main\">\(main)</div>"
        return "<div class=\"with-side\">\(place == .before ? column + center : center + column)</div>"
    }
}

/// A part that is closed in narrow windows and always open in wide ones.
package enum SideFold {
    /// - Parameter count: how many of what is inside are set, such as filters.
    package static func view(_ label: String, count: Int? = nil, isOpen: Bool = false, _ content: HTML) -> HTML {
        """
        <details class="side-fold"\(flag: "open", isOpen)><summary>\(Icon.view("sliders-horizontal"))<span>\(label)</span>\
        \(count.map { count -> HTML in "<span class=\"count\">\(count)</span>" })</summary>\
        <div class="side-body">\(content)</div></details>
        """
    }
}
