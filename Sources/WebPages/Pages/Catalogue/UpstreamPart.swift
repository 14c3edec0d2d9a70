/// What one upstream has that fits a list, beside what is here.
package struct UpstreamPart: Sendable, Hashable {
    package enum State: Sendable, Hashable {
        /// To be asked for by the page once it is there.
        case pending
        /// How many there are in all, as far as the upstream was looked through.
        case found(total: Int)
        /// It did not answer in time; what was known of it before is shown.
        case late
        case failed(String)
    }

    /// As the address names it.
    package let name: String
    package let title: String
    package let state: State
    package let rows: [RepositoryRow]
    /// Where all of it is listed.
    package let address: String

    package init(name: String, title: String, state: State, rows: [RepositoryRow] = [], address: String) {
        self.name = name
        self.title = title
        self.state = state
        self.rows = rows
        self.address = address
    }

    /// Of its element; names may hold what selectors read otherwise.
    package var id: String { "upstream-" + String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }) }

    package func view(_ context: PageContext) -> HTML {
        let t = context.t
        let isPending = state == .pending
        return """
            <section class="upstream" id="\(id)" aria-label="\(title)"\
            \(attribute: "hx-get", isPending ? SafeAddress.checked(address) : nil)\
            \(attribute: "hx-trigger", isPending ? "load" : nil) hx-target="this" \
            hx-swap="outerHTML" aria-live="polite"><div class="upstream-head"><h2>\(title)</h2>\
            <p class="upstream-state">\(status(context))</p></div>\
            \(if: !rows.isEmpty, RepositoryList.view(rows, level: 3, context))\
            \(if: isPending, skeleton)\
            \(if: state == .found(total: 0), "<p class=\"hint\">\(t.upstreamNothing)</p>")</section>
            """
    }

    private func status(_ context: PageContext) -> HTML {
        let t = context.t
        switch state {
        case .pending:
            return "<a href=\(url: address)>\(t.upstreamShow)</a>"
        case .found(let total):
            guard total > rows.count else { return HTML(text: t.upstreamFound(total)) }
            return "<a href=\(url: address)>\(t.upstreamAll(t.number(total)))</a>"
        case .late:
            return "\(StateChip(.warn, icon: "clock", text: t.upstreamLate).view) \(retry(context))"
        case .failed(let text):
            return
                "\(StateChip(.bad, icon: "cloud-off", text: t.upstreamFailed, detail: text).view) <span>\(text)</span> \(retry(context))"
        }
    }

    private func retry(_ context: PageContext) -> HTML {
        """
        <a href=\(url: address) hx-get=\(url: address) hx-target="#\(id)" hx-swap="outerHTML">\(context.t.upstreamRetry)</a>
        """
    }

    private var skeleton: HTML {
        "<div class=\"skeleton\" aria-hidden=\"true\"><span></span><span></span><span></span></div>"
    }
}
