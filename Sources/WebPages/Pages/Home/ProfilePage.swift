/// Who somebody is, or what an organisation is, and what is theirs.
package struct ProfilePage: Sendable {
    package enum Tab: String, Sendable, CaseIterable {
        case repositories, collections, likes, members
    }

    package struct Collection: Sendable {
        package let title: String
        package let description: String?
        package let isPrivate: Bool
        /// Names and addresses of what is in it first.
        package let items: [(name: String, address: String)]

        package init(title: String, description: String?, isPrivate: Bool, items: [(name: String, address: String)]) {
            self.title = title
            self.description = description
            self.isPrivate = isPrivate
            self.items = items
        }
    }

    package struct Member: Sendable {
        package let name: String
        package let role: String

        package init(name: String, role: String) {
            self.name = name
            self.role = role
        }
    }

    package let name: String
    package let address: ListAddress
    package var fullName = ""
    package var about = ""
    package var homepage = ""
    /// Whether it is an organisation; nil for a namespace that no account here has.
    package var isOrganisation: Bool?
    package var tab = Tab.repositories
    package var kind: CatalogueKind?
    package var counts: [(kind: CatalogueKind, count: Int)] = []
    package var rows: [RepositoryRow] = []
    package var total = 0
    package var from = 0
    package var pageSize = 30
    package var nextCursor: String?
    /// Nil on the first page.
    package var previous: PreviousPlace?
    package var collections: [Collection] = []
    package var likes: [RepositoryRow] = []
    package var members: [Member] = []
    package var memberCount: Int64?
    package var mayManage = false
    package var isOneself = false
    /// Who is in which organisation.
    package var organisations: [String] = []

    package init(name: String, address: ListAddress) {
        self.name = name
        self.address = address
    }

    package func page(_ context: PageContext) -> Page {
        let section: HTML =
            switch tab {
            case .repositories: repositories(context)
            case .collections: collectionList(context)
            case .likes: likeList(context)
            case .members: memberList(context)
            }
        let body: HTML = """
            <div class="profile">\(head(context))\(tabs(context))\(section)</div>
            """
        return Page(title: fullName.isEmpty ? name : "\(fullName) (\(name))", body: body)
    }

    private func head(_ context: PageContext) -> HTML {
        let t = context.t
        let kindText =
            switch isOrganisation {
            case true?: t.searchOrganisation
            case false?: t.searchPerson
            case nil: t.profileNamespace
            }
        let actions: HTML? =
            if mayManage {
                Button.link(t.settings, to: "/\(URLText.component(name))/-/settings", icon: "settings")
            } else if isOneself {
                Button.link(t.settings, to: "/settings", icon: "settings")
            } else {
                nil
            }
        let note: HTML = """
            <span class="profile-kind">\(Icon.view(isOrganisation == true ? "users" : "user"))\(kindText)</span>\
            \(if: !fullName.isEmpty && fullName != name, " · \(fullName)")
            """
        let site: HTML? =
            homepage.isEmpty
            ? nil : "<p><a rel=\"nofollow noopener\" href=\(url: homepage)>\(homepage)</a></p>"
        let groups = organisations.map { name -> HTML in
            "<li><a href=\(url: "/\(URLText.component(name))")>\(name)</a></li>"
        }
        return """
            \(PageHead.view(name, note: note, actions: actions))\
            \(if: !about.isEmpty, "<p class=\"profile-about\">\(about)</p>")\(site)\
            \(if: !groups.isEmpty, "<p class=\"profile-groups\">\(t.profileOrganisations)</p><ul class=\"person-list\">\(each: groups)</ul>")
            """
    }

    private func tabs(_ context: PageContext) -> HTML {
        let t = context.t
        let base = ListAddress(path: address.path)
        let all = counts.reduce(0) { $0 + $1.count }
        var tabs = [
            Tabs.Tab(
                t.searchRepositories, base.text, note: t.number(all), isCurrent: tab == .repositories && kind == nil)
        ]
        tabs += counts.map { kind, count in
            Tabs.Tab(
                t.kindsName(kind), base.adding("kind", kind.rawValue).text, note: t.number(count),
                isCurrent: tab == .repositories && kind == self.kind)
        }
        if isOrganisation != nil {
            tabs.append(
                Tabs.Tab(
                    t.profileCollections, base.adding("tab", Tab.collections.rawValue).text,
                    isCurrent: tab == .collections))
        }
        if isOrganisation == false {
            tabs.append(Tabs.Tab(t.profileLikes, base.adding("tab", Tab.likes.rawValue).text, isCurrent: tab == .likes))
        }
        if isOrganisation == true {
            tabs.append(
                Tabs.Tab(
                    t.profileMembers, base.adding("tab", Tab.members.rawValue).text,
                    note: memberCount.map { t.number($0) }, isCurrent: tab == .members))
        }
        return Tabs.view(name, tabs)
    }

    private func repositories(_ context: PageContext) -> HTML {
        let t = context.t
        guard !rows.isEmpty else {
            return Empty.view(
                title: t.profileEmpty, text: t.profileEmptyText,
                action: isOneself || mayManage ? Button.link(t.new, to: "/new", style: .primary) : nil, context)
        }
        let end = from + rows.count
        let next = nextCursor.map { address.page(at: $0, from: end).text }
        let before = previous.map { address.page(before: $0, from: max(0, from - pageSize)).text }
        return """
            <h2 class="hidden">\(t.searchRepositories)</h2>\(RepositoryList.view(rows, level: 3, context))\
            \(Pager.view(previous: before, next: next, note: t.listRange(t.number(from + 1), t.number(end), t.number(total)), context))
            """
    }

    private func collectionList(_ context: PageContext) -> HTML {
        let t = context.t
        guard !collections.isEmpty else {
            return Empty.view(title: t.profileNoCollections, text: t.profileNoCollectionsText, context)
        }
        let cards = collections.map { collection -> HTML in
            let items = collection.items.map { item -> HTML in
                "<li><a href=\(url: item.address)>\(item.name)</a></li>"
            }
            return """
                <section class="panel"><div class="panel-head"><h2>\(collection.title)</h2>\
                \(if: collection.isPrivate, "<span class=\"chip neutral\">\(t.rowPrivate)</span>")</div>\
                \(collection.description.map { text -> HTML in "<p>\(text)</p>" })<ul class="plain-list">\(each: items)</ul></section>
                """
        }
        return "<div class=\"collections\">\(each: cards)</div>"
    }

    private func likeList(_ context: PageContext) -> HTML {
        let t = context.t
        guard !likes.isEmpty else { return Empty.view(title: t.profileNoLikes, text: t.profileNoLikesText, context) }
        return "<h2 class=\"hidden\">\(t.profileLikes)</h2>\(RepositoryList.view(likes, level: 3, context))"
    }

    private func memberList(_ context: PageContext) -> HTML {
        let t = context.t
        let lines = members.map { member -> [HTML] in
            ["<a href=\(url: "/\(URLText.component(member.name))")>\(member.name)</a>", HTML(text: member.role)]
        }
        return DataTable.view(
            t.profileMembers,
            columns: [DataTable.Column(t.profileMember, sorted: "ascending"), DataTable.Column(t.profileRole)],
            rows: lines)
    }
}
