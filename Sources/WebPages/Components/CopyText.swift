/// Text that can be copied whole: digests, ids, commands.
package enum CopyText {
    /// A digest, of which few characters are shown.
    package static func digest(_ digest: String, shown: Int = 10, _ context: PageContext) -> HTML {
        """
        <span class="copy"><code title="\(digest)">\(digest.prefix(shown))</code>\(button(digest, context))</span>
        """
    }

    /// The button alone; it does nothing where scripts are off, and so is shown by them.
    package static func button(_ text: String, _ context: PageContext) -> HTML {
        """
        <button class="copy-button" type="button" hidden data-copy="\(text)" aria-label="\(context.t.copy)">\
        \(Icon.view("copy"))</button>
        """
    }

    /// A command or code to paste.
    package static func snippet(_ text: String, language: String? = nil, _ context: PageContext) -> HTML {
        """
        <div class="snippet"><pre tabindex="0"><code\(attribute: "data-language", language)>\(text)</code></pre>\
        \(button(text, context))</div>
        """
    }
}
