/// The part of a repository's content that a grant is about: some paths, some refs, or some paths on some refs.
///
/// Such a grant is about content alone, and never gives sight or reading of anything:
/// - `deny reader` on paths hides them from every listing, keeps their bytes back, and keeps them from being changed.
/// - `deny writer` keeps paths, or whole refs, from being changed.
/// - `deny maintainer` on refs keeps them from being forced to another history, and from being deleted.
/// - `allow writer` lets somebody who can read the repository change these paths on branches that are there, and nothing
///   else; on refs without paths it lets him add commits to them and make them, and `allow maintainer` also force and
///   delete them.
/// - A custom role takes or gives what it lists of `content.read` and `content.write`.
package struct ContentPart: Sendable, Hashable {
    package let paths: PathScope?
    package let refs: RefScope?

    /// - Throws: `.badRequest` for a pattern that cannot be read, or for none.
    package init(paths: String?, refs: String?) throws {
        self.paths = try paths.map(PathScope.init(parsing:))
        self.refs = try refs.map(RefScope.init(parsing:))
        guard self.paths != nil || self.refs != nil else {
            throw HubError(.badRequest, "A part names paths or refs.")
        }
    }

    /// Refuses roles that would say something about more than the part: nobody may read there that nothing was done.
    func requireMeaning(of role: GrantedRole, _ effect: AccessGrant.Effect) throws {
        let isAboutRefsOnly = paths == nil
        let hasMeaning =
            switch (role, effect) {
            case (.standard(.writer), _): true
            case (.standard(.maintainer), _): isAboutRefsOnly
            case (.standard(.reader), .deny): refs == nil
            case (.standard, _), (.office, _): false
            case (.custom(let role), .allow):
                role.verbs.contains(.contentWrite)
                    && role.verbs.isSubset(of: [.discover, .metaRead, .contentRead, .contentWrite])
            case (.custom(let role), .deny):
                !role.verbs.isEmpty
                    && role.verbs.isSubset(of: refs == nil ? [.contentRead, .contentWrite] : [.contentWrite])
            }
        guard hasMeaning else {
            throw HubError(
                .badRequest, "The role '\(role.name)' cannot be \(effect == .allow ? "given" : "denied") on a part.",
                remedy: """
                    On paths, deny reader or writer, or allow writer; on refs, deny or allow writer or maintainer.
                    """)
        }
    }
}

extension AccessGrant {
    /// Whether it gives somebody something of a repository to write.
    var opensPart: Bool { part != nil && effect == .allow && role.allows(.contentWrite) }
}
