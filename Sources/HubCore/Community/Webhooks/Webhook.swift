/// A URL that is told what happens to repositories.
package struct Webhook: Sendable, Hashable {
    /// What is watched: everything of an owner, or one repository.
    package struct Watched: Sendable, Hashable {
        /// `user`, `org` or a kind of repository.
        package let type: String
        /// An owner's name, or `namespace/name`.
        package let name: String

        /// - Throws: `.badRequest`.
        package init(type: String, name: String) throws {
            let isValid =
                type == "user" || type == "org"
                ? RepositoryID.isValidName(name)
                : RepositoryKind(rawValue: type).map { RepositoryID(kind: $0, path: name) != nil } ?? false
            guard isValid else {
                throw HubError(
                    .badRequest, "Nothing called '\(name.prefix(200))' of type '\(type.prefix(32))' can be watched.")
            }
            self.type = type
            self.name = name
        }

        /// Owners are one, whether people or organisations.
        var rowType: String { type == "user" || type == "org" ? "owner" : type }
    }

    /// Which changes are told.
    package enum Domain: String, Sendable, CaseIterable {
        case repo, discussion
    }

    package let id: CommunityID
    package let url: String
    package let watched: [Watched]
    package let domains: [Domain]
    /// Sent along, and the key of the signature; nil for none.
    package let secret: Secret?
    package let isDisabled: Bool
    let userID: Int64
}

/// What a webhook shall be; nil leaves as it is.
package struct WebhookChange: Sendable {
    package var url: String?
    package var watched: [Webhook.Watched]?
    package var domains: [Webhook.Domain]?
    package var secret: String?

    package init() {}
}
