/// What stands beside every page of the console: where else one can go, as far as the visitor may.
package enum ConsoleShell {
    /// A page of the console.
    package enum Place: String, Sendable, CaseIterable {
        case overview, sync, upstreams, bundles, recommendations
        case policies, explain, approvals, licenses, scans, tombstones
        case provenance, log, audit
        case storage, quotas
        case users, organisations
        case system

        package var address: String { self == .overview ? "/console" : "/console/\(rawValue)" }

        /// Who finds it in the navigation.
        package func isShown(to visitor: PageContext.Visitor?) -> Bool {
            switch self {
            case .overview, .explain, .provenance, .log: true
            case .sync, .upstreams, .recommendations, .policies, .approvals, .tombstones, .organisations: visitor != nil
            case .bundles, .licenses, .scans, .audit: visitor?.has(.audits) ?? false
            case .storage: visitor?.has(.operates) ?? false
            case .quotas: visitor?.has(.setsQuotas) ?? false
            case .users, .system: visitor?.isAdministrator ?? false
            }
        }
    }

    private struct Group {
        let title: String
        let places: [Place]
    }

    /// The navigation, and beside it the content with its heading.
    package static func view(current: Place, context: PageContext, content: HTML) -> HTML {
        let groups = shown(context)
        let links: HTML = "\(each: groups.map { group($0, current, context.t) })"
        return """
            <div class="console"><details class="console-fold"><summary>\(Icon.view("menu"))\
            <span>\(context.t.consolePlace(current))</span></summary>\
            <nav aria-label="\(context.t.consoleMenu)">\(links)</nav></details>\
            <nav class="console-nav" aria-label="\(context.t.console)">\(links)</nav>\
            <div class="console-main">\(content)</div></div>
            """
    }

    private static func shown(_ context: PageContext) -> [Group] {
        let t = context.t
        let all = [
            Group(
                title: t.consoleMirror, places: [.overview, .sync, .upstreams, .bundles, .recommendations]),
            Group(
                title: t.consoleRules, places: [.policies, .explain, .approvals, .licenses, .scans, .tombstones]),
            Group(title: t.consoleRecords, places: [.provenance, .log, .audit]),
            Group(title: t.consoleSpace, places: [.storage, .quotas]),
            Group(title: t.consolePeople, places: [.users, .organisations]),
            Group(title: t.consoleMachine, places: [.system]),
        ]
        return all.compactMap { group in
            let places = group.places.filter { $0.isShown(to: context.visitor) }
            return places.isEmpty ? nil : Group(title: group.title, places: places)
        }
    }

    private static func group(_ group: Group, _ current: Place, _ t: L10n) -> HTML {
        let links = group.places.map { place -> HTML in
            """
            <li><a href=\(url: place.address)\(attribute: "aria-current", place == current ? "page" : nil)>\
            \(t.consolePlace(place))</a></li>
            """
        }
        return "<p class=\"console-group\">\(group.title)</p><ul>\(each: links)</ul>"
    }
}
