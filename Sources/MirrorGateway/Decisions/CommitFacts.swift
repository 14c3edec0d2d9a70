package import HubCore
import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What decisions need of a commit: its listing without sizes and ids, and what its card says.
struct CommitFacts: Sendable {
    let licenses: LicenseFact
    let totalSize: Int64
    let tags: [String]
    let task: String?
    let library: String?
    let languages: [String]
    let files: [String]

    init(_ contents: CommitContents, kind: HubCore.RepositoryKind) {
        let card = contents.card
        licenses = card.licenses.isEmpty ? .unknown : .declared(card.licenses)
        totalSize = contents.totalSize
        tags = card.tags(for: kind)
        task = card.pipelineTag
        library = card.libraryName
        languages = card.languages
        files = contents.files.map(\.path)
    }

    /// The same of a commit that is not here, from what its upstream tells.
    /// - Parameter description: what was told of the repository; its licence counts once somebody asked for it.
    init(_ description: RemoteDescription, listing: RemoteListing) {
        licenses = description.licenses.isEmpty ? .unknown : .declared(description.licenses)
        totalSize = listing.files.reduce(0) { sum, file in
            let (next, overflow) = sum.addingReportingOverflow(max(0, file.size))
            return overflow ? .max : next
        }
        tags = description.tags
        task = description.task
        library = description.library
        languages = description.languages
        files = listing.files.map(\.path)
    }
}

extension Facts {
    mutating func add(_ commit: CommitFacts) {
        licenses = commit.licenses
        totalSize = commit.totalSize
        tags = commit.tags
        task = commit.task
        library = commit.library
        languages = commit.languages
        files = commit.files
    }

    /// What only the upstream knows of a repository: the same for who fetches ahead and who serves.
    mutating func addStanding(_ description: RemoteDescription) {
        downloads = description.downloads
        parameters = description.parameters
        updatedAt = description.updatedAt.map { Date(timeIntervalSince1970: Double($0) / 1_000) }
    }

    /// What a listing tells of a repository before any of its commits was looked at.
    mutating func addOverview(_ description: RemoteDescription) {
        addStanding(description)
        // What was not told may still be there.
        if !description.licenses.isEmpty { licenses = .declared(description.licenses) }
        if !description.tags.isEmpty { tags = description.tags }
        task = description.task
        library = description.library
        if !description.languages.isEmpty { languages = description.languages }
        totalSize = description.totalSize
    }
}

/// Who knows what an upstream tells of a repository beside its commits: how much it is used, how large the model is.
package protocol RemoteFactSource: Sendable {
    /// Nil when nobody was told.
    func description(of repository: UpstreamPath, mirror: String) async -> RemoteDescription?
}
