/// The frame of the pages here for those who run the hub.
enum ConsoleFrame {
    static func page(
        _ place: ConsoleShell.Place, _ title: String, note: String? = nil, actions: HTML? = nil, notice: String? = nil,
        problem: String? = nil, status: Int = 200, crumb: (label: String, address: String)? = nil, _ content: HTML,
        _ context: PageContext
    ) -> Page {
        let above = crumb.map { crumb -> HTML in
            "<p class=\"crumb\"><a href=\(url: crumb.address)>\(crumb.label)</a></p>"
        }
        let body = ConsoleShell.view(
            current: place, context: context,
            content: """
                <div class="stack">\(above)\(PageHead.view(title, note: note.map { HTML(text: $0) }, actions: actions))\
                \(Outcome.view(notice, problem, context.t))\(content)</div>
                """)
        return Page(title: title, section: .console, body: body, status: status)
    }
}
