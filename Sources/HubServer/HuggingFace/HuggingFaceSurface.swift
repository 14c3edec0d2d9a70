package import HubCore

/// The Hugging Face Hub's protocol: facts, listings, trees and files, and the messages that change them, as its
/// unmodified clients speak it (wire/huggingface.md).
///
/// The same routes answer at each mount (wire/csghub.md §3); ids are `namespace/name` at all of them.
package struct HuggingFaceSurface: Sendable {
    private let access: RepositoryAccess
    private let entries: SpaceEntries
    private let xet: XetAdvertisement?
    private let scans: ScanStates?

    /// - Parameters:
    ///   - entries: what applications in spaces are told.
    ///   - xet: offers the largest files by Xet; nil where there is none.
    ///   - scans: what was found in files; nil where nobody looks.
    ///   - clock: tells how old a stale answer is.
    package init(
        authorizer: Authorizer, repositories: RepositoryService, store: RepositoryStore, entries: SpaceEntries,
        xet: XetAdvertisement? = nil, scans: ScanStates? = nil, clock: WallClock = .system
    ) {
        self.scans = scans
        self.entries = entries
        self.xet = xet
        access = RepositoryAccess(
            authorizer: authorizer, repositories: repositories, store: store, clock: clock,
            errors: HuggingFaceErrorRendering())
    }

    /// Every route, for the root; the same under a prefix by `mounted(at:)`.
    package var routes: [Route] {
        let families: [any RouteFamily] = [
            ListingRoute(access: access), TagsByTypeRoute(access: access),
            RepositoryInfoRoute(access: access, scans: scans),
            TreeRoute(access: access, xet: xet, scans: scans),
            PathsInfoRoute(access: access, xet: xet, scans: scans), RefsRoute(access: access),
            CommitsRoute(access: access), AuthCheckRoute(access: access), ResolveRoute(access: access, xet: xet),
            RawRoute(access: access), LegacyNameRoute(access: access),
        ]
        let writing = WritingRoutes(access: access, entries: entries)
        let renamed = RenamedRepositories(access: access)
        let ofKinds = RepositoryKind.allCases.flatMap { kind in
            (families + writing.families).flatMap { $0.routes(for: kind) }.map { renamed.following($0, kind) }
        }
        let ofNone =
            WhoamiRoute(access: access).routes + AgentHarnessesRoute(errors: access.errors).routes
            + QuickSearchRoute(access: access).routes + SpaceSearchRoute(access: access).routes
            + TasksRoute(errors: access.errors).routes
        return ofKinds + ofNone + writing.routes + AccountRoutes(access: access).routes
            + StorageRoutes(access: access).routes + gates
    }

    /// Asking at the gates of repositories, and answering there.
    private var gates: [Route] {
        RepositoryKind.allCases.flatMap { AccessRequestRoutes(access: access).routes(for: $0) }
    }
}

/// The routes of one message, for one kind of repository.
protocol RouteFamily: Sendable {
    func routes(for kind: RepositoryKind) -> [Route]
}

extension RepositoryKind {
    /// What stands in front of `namespace/name` in download URLs: nothing for models.
    var downloadPrefix: String { self == .model ? "" : "/\(plural)" }
}
