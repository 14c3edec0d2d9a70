import HubCore

/// Reads the lists of an upstream that has no feed, page by page; where it ended is stored, so that it goes on there.
struct CatalogueListReading: Sendable {
    let catalogue: RemoteCatalogue
    let clock: WallClock
    let mirror: String
    let upstream: any BrowsableUpstream
    /// How long a list that was read holds.
    let lifetime: Duration

    /// Lists are not read more often than that, whatever their lifetime.
    private static let rest: Int64 = 15 * 60_000
    /// Pages of everybody's list, and of one owner's.
    private static let pages = 1_000
    private static let pagesOfOwner = 20

    /// - Parameters:
    ///   - shelves: the lists, in order.
    ///   - named: repositories that are asked about one by one.
    ///   - isBounded: whether the upstream has more.
    ///   - isAsked: whether somebody wants it now.
    func run(_ shelves: [CatalogueScope.Shelf], named: [UpstreamPath], isBounded: Bool, isAsked: Bool) async throws {
        let now = clock.now()
        let known = try await catalogue.source(mirror: mirror, upstream: upstream.name)
        let isOpen = known?.listingCursor != nil
        if !isOpen, let listed = known?.listedAt, now - listed < max(Self.rest, lifetime.milliseconds), !isAsked {
            return
        }
        guard !shelves.isEmpty || !named.isEmpty else {
            if known == nil || known?.isBounded != isBounded {
                try await note(nil, startedAt: now, isBounded: isBounded)
            }
            return
        }
        let startedAt = isOpen ? known?.listingStartedAt ?? now : now
        var place = Place(known?.listingCursor)
        try await catalogue.note(.reading, mirror: mirror, upstream: upstream.name)
        if !shelves.contains(where: { $0.name == place?.shelf }) { place = nil }
        var isCut = false
        for shelf in shelves.drop(while: { place != nil && $0.name != place?.shelf }) {
            let isWhole = try await read(shelf, from: place?.cursor, startedAt: startedAt, isBounded: isBounded)
            isCut = isCut || !isWhole
            place = nil
            if isWhole, shelf.owner == nil {
                // What was there and is not listed any more may be gone, or may be hidden from us.
                try await catalogue.askAboutUnseen(
                    since: startedAt, kind: shelf.kind, mirror: mirror, upstream: upstream.name)
            }
        }
        if !named.isEmpty {
            let describing = CatalogueDescribing(
                catalogue: catalogue, clock: clock, mirror: mirror, upstream: upstream)
            try await describing.ask(about: named)
        }
        try await note(nil, startedAt: startedAt, isBounded: isBounded || isCut)
    }

    /// - Returns: whether it was read to its end.
    private func read(_ shelf: CatalogueScope.Shelf, from first: String?, startedAt: Int64, isBounded: Bool)
        async throws -> Bool
    {
        var cursor = first
        for _ in 0..<(shelf.owner == nil ? Self.pages : Self.pagesOfOwner) {
            try Task.checkCancellation()
            let page: RemotePage
            do {
                page = try await self.page(of: shelf, after: cursor)
            } catch let error as HubError where error.code == .badRequest && cursor != nil {
                // A cursor of another time.
                cursor = nil
                continue
            }
            try await catalogue.record(
                page.repositories.map(RemoteObservation.described), mirror: mirror, upstream: upstream.name)
            guard let next = page.next else { return true }
            cursor = next
            try await note(Place(shelf: shelf.name, cursor: next), startedAt: startedAt, isBounded: isBounded)
        }
        return false
    }

    private func page(of shelf: CatalogueScope.Shelf, after cursor: String?) async throws -> RemotePage {
        if let owner = shelf.owner, let searchable = upstream as? any SearchableUpstream {
            return try await searchable.repositories(shelf.kind, where: RemoteFilter(owner: owner), after: cursor)
        }
        return try await upstream.repositories(shelf.kind, after: cursor)
    }

    private func note(_ place: Place?, startedAt: Int64, isBounded: Bool) async throws {
        try await catalogue.noteListing(
            place?.text, startedAt: startedAt, isBounded: isBounded, mirror: mirror, upstream: upstream.name)
    }

    /// Where reading goes on.
    private struct Place {
        let shelf: String
        let cursor: String

        init(shelf: String, cursor: String) {
            self.shelf = shelf
            self.cursor = cursor
        }

        init?(_ text: String?) {
            guard let parts = text?.split(separator: "\n", maxSplits: 1).map(String.init), parts.count == 2 else {
                return nil
            }
            self.init(shelf: parts[0], cursor: parts[1])
        }

        var text: String { "\(shelf)\n\(cursor)" }
    }
}
