/// Something said in passing, after what somebody did.
package enum Toast {
    /// - Parameter closing: where the page is without it.
    package static func view(_ text: String, tone: StateChip.Tone = .ok, closing: String, _ context: PageContext)
        -> HTML
    {
        """
        <div class="toast \(tone.rawValue)"><span>\(text)</span>\
        <a class="quiet" data-closes href=\(url: closing)>\(context.t.close)</a></div>
        """
    }

    /// What the `done` in the page's address says; nothing for a word that means nothing.
    /// - Parameter page: that may say it itself, at the place where it happened.
    static func done(_ context: PageContext, unless page: Page? = nil) -> HTML {
        // Whole pages are looked through last: nearly none of them has an address that says something was done.
        guard let word = context.value(of: "done"), let text = context.t.done(word),
            page?.body.string.contains("class=\"alert ok\"") != true
        else { return HTML() }
        return view(text, closing: context.address(setting: "done", to: nil), context)
    }
}
