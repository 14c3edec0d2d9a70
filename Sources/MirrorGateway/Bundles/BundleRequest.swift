package import HubCore

/// What of a hub goes into a bundle.
package struct BundleSelection: Sendable, Hashable {
    /// A repository, or one branch or tag of it.
    package struct Named: Sendable, Hashable {
        package let id: RepositoryID
        package let revision: Revision?

        package init(id: RepositoryID, revision: Revision?) {
            self.id = id
            self.revision = revision
        }
    }

    /// Everything that came by these mirrors.
    package var mirrors: [String]
    package var repositories: [Named]

    package init(mirrors: [String] = [], repositories: [Named] = []) {
        self.mirrors = mirrors
        self.repositories = repositories
    }
}

/// An export that somebody asks for.
package struct BundleRequest: Sendable {
    package var selection: BundleSelection
    /// The file, or what the names of its parts begin with.
    package var output: String
    /// An earlier bundle whose content the reader has: its file, or its id.
    package var since: String?
    /// What the reader said that it has.
    package var receipt: String?
    package var recipient: String?
    /// Milliseconds from now until it is no longer taken; nil for ever.
    package var lifetime: Int64?
    /// Bytes of a part; nil for one file.
    package var partSize: Int64?
    /// Nil for the hub's own.
    package var key: SigningKey?
    /// For whom, and what he may read; nil for the operator.
    package var principal: Principal?
    /// Who asked, for the history, where that is not whoever reads.
    package var requestedBy: String?
    /// Its number and time, so that the same bundle can be made again; nil for the next number, and now.
    package var sequence: Int64?
    package var createdAt: Int64?

    package init(selection: BundleSelection, output: String) {
        self.selection = selection
        self.output = output
    }
}

/// What went into a bundle, and what did not.
package struct BundleExportReport: Codable, Sendable {
    package struct LeftOut: Codable, Sendable, Hashable {
        package let repository: String
        package let ref: String?
        package let file: String?
        package let reason: String
    }

    package let bundleId: String
    package let seq: Int64
    package let files: [String]
    /// Of all files.
    package let bytes: Int64
    package let repositories: [String]
    package let blobs: Int
    /// Blobs that the reader has to have.
    package let required: Int
    package let leftOut: [LeftOut]
}
