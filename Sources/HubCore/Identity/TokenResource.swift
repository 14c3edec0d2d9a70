/// A repository, or all of a namespace, that a token is narrowed to.
package enum TokenResource: Sendable, Hashable, CustomStringConvertible {
    /// Everything in a namespace, by its case-folded name.
    case namespace(String)
    case repository(RepositoryID)

    /// The most a token may list.
    package static let maximumCount = 64

    /// Parses `acme`, or `model:acme/demo`.
    package init?(parsing text: String) {
        if let id = RepositoryID(parsing: text) {
            self = .repository(id)
        } else if RepositoryID.isValidName(text) {
            self = .namespace(RepositoryID.key(text))
        } else {
            return nil
        }
    }

    package var description: String {
        switch self {
        case .namespace(let name): name
        case .repository(let id): id.description
        }
    }

    /// Whether all that `other` reaches is reached by this one.
    func covers(_ other: TokenResource) -> Bool {
        switch (self, other) {
        case (.namespace(let name), .namespace(let inner)): name == inner
        case (.namespace(let name), .repository(let id)): name == id.namespaceKey
        case (.repository(let outer), .repository(let id)):
            (outer.kind, outer.namespaceKey, outer.nameKey) == (id.kind, id.namespaceKey, id.nameKey)
        case (.repository, .namespace): false
        }
    }
}

extension TokenGrant {
    /// Whether the token reaches something.
    func covers(_ resource: TokenResource) -> Bool {
        resources?.contains { $0.covers(resource) } ?? true
    }

    /// Whether another token would do no more than this one (S4).
    func covers(scope: Scope, resources: [TokenResource]?, expiresAt: Int64?) -> Bool {
        guard scope <= self.scope else { return false }
        if let limit = self.expiresAt {
            guard let expiresAt, expiresAt <= limit else { return false }
        }
        guard self.resources != nil else { return true }
        return resources?.allSatisfy(covers) ?? false
    }
}
