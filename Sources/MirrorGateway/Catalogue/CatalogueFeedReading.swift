import HubCore

/// Reads an upstream's feed from where it was read to its end.
struct CatalogueFeedReading: Sendable {
    let catalogue: RemoteCatalogue
    let source: MirrorSource
    let mirror: String
    let feed: any ChangeFeed

    /// Pages that are read in a row before what they name gets its turn.
    private static let pagesAtOnce = 1_000

    func run() async throws {
        var cursor = try await catalogue.source(mirror: mirror, upstream: feed.name)?.feedVersion ?? 0
        for number in 0..<Self.pagesAtOnce {
            try Task.checkCancellation()
            let page = try await feed.changes(after: cursor)
            if number == 0, page.hasMore { try await catalogue.note(.reading, mirror: mirror, upstream: feed.name) }
            for change in page.changes { source.forgetAbsence(of: change.repository) }
            guard !page.changes.isEmpty || page.lastVersion > cursor else { return }
            try await catalogue.recordFeed(
                page.changes.map {
                    RemoteChange(
                        kind: $0.repository.kind, path: $0.repository.path, version: $0.version,
                        modifiedAt: $0.modifiedAt)
                }, mirror: mirror, upstream: feed.name, cursor: page.lastVersion)
            cursor = page.lastVersion
            guard page.hasMore else { return }
        }
    }
}
