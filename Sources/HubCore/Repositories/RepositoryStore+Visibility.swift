import SQL

/// A piece of SQL and the values of its placeholders, in order.
private struct Condition {
    var text: String
    var arguments: [Value] = []

    static func any(_ conditions: [Condition]) -> Condition { joined(conditions, by: " OR ") }
    static func all(_ conditions: [Condition]) -> Condition { joined(conditions, by: " AND ") }

    static func not(_ condition: Condition) -> Condition {
        Condition(text: "NOT \(condition.text)", arguments: condition.arguments)
    }

    private static func joined(_ conditions: [Condition], by word: String) -> Condition {
        Condition(
            text: "(" + conditions.map(\.text).joined(separator: word) + ")", arguments: conditions.flatMap(\.arguments)
        )
    }
}

extension RepositoryStore {
    /// Which rows `r` of `repositories` a principal may discover: ``AccessRules`` for the verb `discover`, in SQL.
    /// - Parameter now: milliseconds since 1970.
    static func visibilityCondition(for principal: Principal, now: Int64, arguments: inout [Value]) -> String {
        let condition = open(.discover, to: principal, now: now)
        arguments += condition.arguments
        return condition.text
    }

    /// Which rows `r` hold content a principal may read: what it may discover, without what a gate or a grant keeps from
    /// it.
    static func contentCondition(for principal: Principal, now: Int64, arguments: inout [Value]) -> String {
        var isLetIn = [Condition(text: "NOT \(gatedCondition)")]
        if let user = principal.user {
            let accepted = Condition(
                text: """
                    EXISTS (SELECT 1 FROM access_requests ar WHERE ar.repository_id = r.id AND ar.user_id = ?
                    AND ar.status = 'accepted')
                    """, arguments: [.integer(user.id)])
            let personal = grants(.allow, .contentRead, to: principal, onlyPersonal: true, now: now)
            isLetIn.append(
                .all([covered(by: principal.token), .any([accepted, personal] + rights(of: principal, user))]))
        }
        let condition = Condition.all([
            open(.discover, to: principal, now: now), open(.contentRead, to: principal, now: now), .any(isLetIn),
            // Who may not read some of it is not told which, so he is told nothing of what its text holds.
            .not(grants(.deny, .contentRead, to: principal, onParts: true, now: now)),
        ])
        arguments += condition.arguments
        return condition.text
    }

    /// Which rows `r` have a gate in front of their content.
    static let gatedCondition = """
        EXISTS (SELECT 1 FROM repository_settings gs WHERE gs.repository_id = r.id
        AND gs.name = 'gated' AND gs.content NOT IN ('false', 'null'))
        """

    /// Whether a verb that every reader has is open to a principal, gates aside.
    private static func open(_ verb: Verb, to principal: Principal, now: Int64) -> Condition {
        var ways = [
            Condition(text: "r.visibility = 'public'"),
            grants(.allow, verb, to: Principal(user: nil, token: nil, address: principal.address), now: now),
        ]
        if let user = principal.user {
            let own =
                [Condition(text: "r.visibility = 'internal'"), grants(.allow, verb, to: principal, now: now)]
                + rights(of: principal, user)
            ways.append(.all([covered(by: principal.token), .any(own)]))
        }
        return .all([.any(ways), .not(grants(.deny, verb, to: principal, now: now))])
    }

    /// What a user is: an administrator, the owner, a member.
    private static func rights(of principal: Principal, _ user: User) -> [Condition] {
        if principal.carriesAdministration { return [Condition(text: "1 = 1")] }
        return [
            Condition(text: "r.namespace_key = ?", arguments: [.text(RepositoryID.key(user.name))]),
            Condition(
                text: """
                    EXISTS (SELECT 1 FROM organisations vo JOIN memberships vm ON vm.organisation_id = vo.id
                    WHERE vo.name_key = r.namespace_key AND vm.user_id = ?)
                    """, arguments: [.integer(user.id)]),
        ]
    }

    private static func covered(by token: TokenGrant?) -> Condition {
        guard let resources = token?.resources else { return Condition(text: "1 = 1") }
        guard !resources.isEmpty else { return Condition(text: "1 = 0") }
        return .any(
            resources.map { resource in
                switch resource {
                case .namespace(let name): Condition(text: "r.namespace_key = ?", arguments: [.text(name)])
                case .repository(let id):
                    Condition(
                        text: "(r.kind = ? AND r.namespace_key = ? AND r.name_key = ?)",
                        arguments: [.text(id.kind.rawValue), .text(id.namespaceKey), .text(id.nameKey)])
                }
            })
    }

    /// Whether a grant of an effect concerns the row and a verb that every reader has. The tables are small or empty in
    /// most hubs, so that is asked first.
    private static func grants(
        _ effect: AccessGrant.Effect, _ verb: Verb, to principal: Principal, onlyPersonal: Bool = false,
        onParts: Bool = false, now: Int64
    ) -> Condition {
        let concerns = concern(
            effect, verb, to: principal, onlyPersonal: onlyPersonal, onParts: onParts, now: now)
        func exists(_ from: String) -> Condition {
            Condition(text: "EXISTS (SELECT 1 FROM \(from) AND \(concerns.text))", arguments: concerns.arguments)
        }
        return .all([
            Condition(text: "EXISTS (SELECT 1 FROM grants)"),
            .any([
                exists("grants g WHERE g.repository_id = r.id"),
                exists(
                    """
                    organisations go JOIN grants g ON g.organisation_id = go.id
                    WHERE go.name_key = r.namespace_key AND g.repository_id IS NULL
                    """),
                exists("grants g WHERE g.repository_id IS NULL AND g.organisation_id IS NULL"),
            ]),
        ])
    }

    /// Whether a grant `g` is one of an effect that concerns a principal and a verb, wherever it counts.
    private static func concern(
        _ effect: AccessGrant.Effect, _ verb: Verb, to principal: Principal, onlyPersonal: Bool = false,
        onParts: Bool = false, now: Int64
    ) -> Condition {
        let part = onParts ? "g.path_pattern IS NOT NULL" : "g.path_pattern IS NULL AND g.ref_pattern IS NULL"
        return .all([
            Condition(text: part), Condition(text: "g.effect = '\(effect.rawValue)'"),
            Condition(text: "(g.expires_at IS NULL OR g.expires_at > ?)", arguments: [.integer(now)]),
            role(effect, verb), source(effect, of: principal),
            .any(subjects(naming: principal.user, onlyPersonal: onlyPersonal)),
        ])
    }

    /// Whether a grant over the whole hub lets a principal discover, or keeps it from that.
    static func hubGrant(
        _ effect: AccessGrant.Effect, to principal: Principal, now: Int64, in connection: any Connection
    ) throws -> Bool {
        let concerns = concern(effect, .discover, to: principal, now: now)
        return try connection.first(
            """
            SELECT 1 AS n FROM grants g
            WHERE g.repository_id IS NULL AND g.organisation_id IS NULL AND \(concerns.text) LIMIT 1
            """, concerns.arguments) != nil
    }

    /// Whether a grant `g` names a principal, everybody, or a group it is in.
    static func subjectCondition(for principal: Principal, arguments: inout [Value]) -> String {
        let condition = Condition.any(subjects(naming: principal.user, onlyPersonal: false))
        arguments += condition.arguments
        return condition.text
    }

    /// The subjects of grants that somebody is, or everybody.
    private static func subjects(naming user: User?, onlyPersonal: Bool) -> [Condition] {
        var subjects: [Condition] = []
        if !onlyPersonal {
            subjects.append(Condition(text: "g.subject = 'everyone'"))
            if user != nil { subjects.append(Condition(text: "g.subject = 'authenticated'")) }
        }
        guard let user else { return subjects }
        return subjects + [
            Condition(text: "(g.subject = 'user' AND g.subject_id = ?)", arguments: [.integer(user.id)]),
            Condition(
                text: """
                    (g.subject = 'members' AND EXISTS (SELECT 1 FROM memberships gm
                    WHERE gm.organisation_id = g.subject_id AND gm.user_id = ? AND gm.role >= g.subject_role))
                    """, arguments: [.integer(user.id)]),
            Condition(
                text: """
                    (g.subject = 'team' AND EXISTS (SELECT 1 FROM team_members gt
                    WHERE gt.team_id = g.subject_id AND gt.user_id = ?))
                    """, arguments: [.integer(user.id)]),
        ]
    }

    /// Whether the role of a grant gives or takes a verb that every reader has: ``GrantedRole`` in SQL.
    private static func role(_ effect: AccessGrant.Effect, _ verb: Verb) -> Condition {
        let lists = """
            EXISTS (SELECT 1 FROM custom_role_verbs cv
            WHERE cv.role_id = g.custom_role_id AND cv.verb = '\(verb.rawValue)')
            """
        // Offices read no content, and taking one hides nothing.
        let isOnLadder = "(g.custom_role_id IS NULL AND g.role <= \(Role.admin.rawValue))"
        switch effect {
        case .allow:
            // Every role lets its holder see that a thing exists.
            return Condition(text: verb == .discover ? "1 = 1" : "(\(isOnLadder) OR \(lists))")
        case .deny:
            let step = "g.custom_role_id IS NULL AND g.role = \(Role.reader.rawValue)"
            return Condition(text: "((\(step)) OR \(lists))")
        }
    }

    /// Whether a grant counts from where it is asked.
    private static func source(_ effect: AccessGrant.Effect, of principal: Principal) -> Condition {
        let anywhere = Condition(text: "NOT EXISTS (SELECT 1 FROM grant_sources ga WHERE ga.grant_id = g.id)")
        guard let address = principal.address else {
            return effect == .deny ? Condition(text: "1 = 1") : anywhere
        }
        return .any([
            anywhere,
            Condition(
                text: """
                    EXISTS (SELECT 1 FROM grant_sources gx WHERE gx.grant_id = g.id AND gx.low <= ? AND gx.high >= ?)
                    """, arguments: [.text(address.hex), .text(address.hex)]),
        ])
    }
}
