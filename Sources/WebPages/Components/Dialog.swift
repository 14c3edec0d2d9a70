/// Something over the page that is answered or closed. Scripts open it; what must work without them is a page instead.
package enum Dialog {
    /// - Parameter id: what the button that opens it names: ``opener(_:opens:style:icon:)``.
    package static func view(id: String, title: String, _ content: HTML, _ context: PageContext) -> HTML {
        """
        <dialog class="dialog" id="\(id)" aria-labelledby="\(id)-title"><div class="dialog-head">\
        <h2 id="\(id)-title">\(title)</h2><form method="dialog"><button class="button quiet small" \
        aria-label="\(context.t.close)" title="\(context.t.close)">\(Icon.view("x"))<span aria-hidden="true">Esc</span>\
        </button></form></div><div class="dialog-body">\(content)</div></dialog>
        """
    }

    /// The button that opens a dialog; hidden where scripts are off.
    package static func opener(_ label: String, opens id: String, style: Button.Style = .plain, icon: String? = nil)
        -> HTML
    {
        """
        <button class="\(style.name)" type="button" hidden data-opens="\(id)" aria-haspopup="dialog">\
        \(icon.map(Icon.view))<span>\(label)</span></button>
        """
    }
}
