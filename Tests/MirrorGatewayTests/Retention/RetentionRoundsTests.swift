import Foundation
import Testing

@testable import HubCore
@testable import MirrorGateway

/// What the test itself knows of a world, by which it judges what went.
private struct Ledger {
    struct Place {
        let key: Int64
        let id: RepositoryID
        /// Nil for a local one.
        let mirror: String?
        var isGone = false
        var pin: Int64?
    }

    var places: [Place] = []
    /// Who links each blob.
    var links: [BlobID: Set<Int64>] = [:]
    var sizes: [BlobID: Int64] = [:]
    /// When each was last brought or used.
    var used: [BlobID: Int64] = [:]
    var open: [BlobID: BlobReader] = [:]
    var silent: Set<String> = []

    func place(_ key: Int64) -> Place? { places.first { $0.key == key } }

    /// Whether nothing may take a blob away, whatever is wanted.
    func isProtected(_ blob: BlobID) -> Bool {
        if open[blob] != nil { return true }
        return links[blob, default: []].contains { key in
            guard let place = place(key), let mirror = place.mirror else { return true }
            return place.isGone || place.pin != nil || mirror == "unlimited" || silent.contains(mirror)
                || (mirror == "small" && place.id.name.hasPrefix("keep"))
        }
    }

    func mirrors(of blob: BlobID) -> Set<String> {
        Set(links[blob, default: []].compactMap { place($0)?.mirror })
    }

    func mayGo(_ blob: BlobID, now: Int64, grace: Int64) -> Bool {
        !isProtected(blob) && now - (used[blob] ?? 0) >= grace
    }
}

@Suite("Retention in random rounds")
struct RetentionRoundsTests {
    private static let rounds = Int(ProcessInfo.processInfo.environment["WEIR_RETENTION_ROUNDS"] ?? "") ?? 500
    private static let disk: Int64 = 600_000
    private static let grace: Int64 = 60_000
    private static let urgentGrace: Int64 = 1_000

    @Test("500 rounds on a full disk: nothing pinned, local, in use or without another copy goes, and the marks hold")
    func rounds() async throws {
        let seed = UInt64(ProcessInfo.processInfo.environment["WEIR_RETENTION_SEED"] ?? "") ?? 20_261_126
        var chance = RoundGenerator(state: seed)
        let world = try await RetentionWorld(
            mirrors: [
                "small": "maxBytes: 60KiB, pin: [\"*/keep*\"]", "old": "maxAge: 1h, minFree: 20%, evict: lru",
                "both": "maxBytes: 100KiB, minFree: 60KiB", "unlimited": "",
            ], disk: Self.disk, grace: Self.grace)
        var ledger = Ledger()
        for mirror in ["small", "old", "both", "unlimited"] {
            for name in ["a", "b", "keep", "gone"] {
                let key = try await world.mirrored(name, by: mirror)
                try await world.hub.store.noteChecked(key, asked: 0)
                let id = try #require(RepositoryID(parsing: "model:\(mirror)-acme/\(name)"))
                // The globs of one mirror alone pin by name.
                ledger.places.append(.init(key: key, id: id, mirror: mirror))
                if name == "keep", mirror != "small" {
                    ledger.places[ledger.places.count - 1].pin = try await world.hub.pins.add(id, revision: nil).id
                }
            }
        }
        for name in ["x", "y"] {
            ledger.places.append(
                .init(
                    key: try await world.local(name), id: try #require(RepositoryID(parsing: "model:own/\(name)")),
                    mirror: nil))
        }
        let contents = (0..<60).map { index in
            GatewayFixture.bytes(
                1_000 + Int.random(in: 0..<(index % 5 == 0 ? 90_000 : 12_000), using: &chance),
                seed: UInt64(index) + 1)
        }
        var counts = (evicted: 0, refused: 0, brought: 0)
        for round in 0..<Self.rounds {
            for _ in 0..<Int.random(in: 1...4, using: &chance) {
                try await step(&ledger, world, contents, &counts, &chance)
            }
            world.clock.pass(Int64.random(in: 100...600_000, using: &chance))
            let before = try stored(world, ledger)
            // Somebody brings something at the same time: what he brings is young.
            let index = Int.random(in: 0..<ledger.places.count - 2, using: &chance)
            let key = ledger.places[index].key
            let bytes = Self.own(contents, of: index, among: ledger.places.count).randomElement(using: &chance) ?? []
            async let brought = Self.bring(bytes, to: key, world)
            try await world.retention.run()
            let pointer = try await brought
            if let pointer { ledger.note(pointer, of: key, at: world.clock.now) } else { counts.refused += 1 }
            // A download that finds no room leaves young things less time.
            counts.evicted += try check(before, world, ledger, grace: Self.urgentGrace, "round \(round)")
            let between = try stored(world, ledger)
            try await world.retention.run()
            counts.evicted += try check(between, world, ledger, grace: Self.grace, "round \(round)")
            try await checkMarks(world, ledger, "round \(round)")
            if round % 50 == 49 { try await verify(world, "round \(round)") }
        }
        try await verify(world, "the end")
        print("seed \(seed): \(counts)")
        #expect(counts.evicted > Self.rounds / 20 && counts.brought > Self.rounds / 2)
    }

    /// Each repository has a few of the contents, and shares each of them with another one.
    private static func own(_ contents: [[UInt8]], of place: Int, among count: Int) -> [[UInt8]] {
        contents.enumerated().filter { ($0.offset * 7) % count == place || ($0.offset * 7 + 5) % count == place }
            .map(\.element)
    }

    private static func bring(_ bytes: [UInt8], to key: Int64, _ world: RetentionWorld) async throws -> LFSPointer? {
        do {
            return try await world.bring(bytes, to: key)
        } catch let error as HubError where error.code == .storageFull {
            return nil
        } catch let error as HubError where error.status == 503 {
            // It went the moment before it was named.
            return nil
        }
    }

    private func step(
        _ ledger: inout Ledger, _ world: RetentionWorld, _ contents: [[UInt8]],
        _ counts: inout (evicted: Int, refused: Int, brought: Int), _ chance: inout RoundGenerator
    ) async throws {
        let index = Int.random(in: 0..<ledger.places.count, using: &chance)
        let place = ledger.places[index]
        switch Int.random(in: 0..<20, using: &chance) {
        case 0..<9:
            // Local content must not fill the disk for ever.
            if place.mirror == nil, Int.random(in: 0..<10, using: &chance) > 0 { return }
            let own = Self.own(contents, of: index, among: ledger.places.count)
            let bytes = own.randomElement(using: &chance) ?? []
            let before = try stored(world, ledger)
            let pointer = try await Self.bring(bytes, to: place.key, world)
            counts.evicted += try check(before, world, ledger, grace: Self.urgentGrace, "bringing")
            guard let pointer else {
                counts.refused += 1
                return try checkRefusal(Int64(bytes.count), world, ledger)
            }
            counts.brought += 1
            ledger.note(pointer, of: place.key, at: world.clock.now)
        case 9..<12:
            let known = try stored(world, ledger).sorted { $0.hex < $1.hex }
            guard let blob = known.randomElement(using: &chance) else { return }
            ledger.open[blob] = try await world.blobs.open(blob)
            world.hub.store.uses.note(blob, at: world.clock.now)
            ledger.used[blob] = world.clock.now
        case 12..<15:
            if let blob = ledger.open.keys.sorted(by: { $0.hex < $1.hex }).randomElement(using: &chance) {
                ledger.open[blob] = nil
            }
        case 15:
            if let pin = place.pin {
                try await world.hub.pins.remove(pin)
                ledger.places[index].pin = nil
            } else if place.mirror != nil, ledger.places.filter({ $0.pin != nil }).count < 5 {
                ledger.places[index].pin = try await world.hub.pins.add(place.id, revision: nil).id
            }
        case 16:
            guard let mirror = place.mirror, place.id.name == "gone" || place.isGone else { return }
            ledger.places[index].isGone.toggle()
            if place.isGone {
                try await world.hub.store.noteChecked(place.key, asked: 0)
                try await world.hub.catalogue.record(
                    [.described(RemoteDescription(kind: .model, path: "acme/\(place.id.name)"))], mirror: mirror,
                    upstream: mirror)
            } else if Bool.random(using: &chance) {
                try await world.hub.store.noteFailure("not found", of: place.key)
            } else {
                let path = "acme/\(place.id.name)"
                let seen: RemoteObservation =
                    Bool.random(using: &chance)
                    ? .gone(.model, path: path, reason: "") : .restricted(.model, path: path, reason: "")
                let known = RemoteObservation.described(RemoteDescription(kind: .model, path: path))
                try await world.hub.catalogue.record([known, seen], mirror: mirror, upstream: mirror)
            }
        case 17:
            guard let mirror = place.mirror else { return }
            if ledger.silent.remove(mirror) != nil {
                world.isSilent.remove(mirror)
            } else if Int.random(in: 0..<3, using: &chance) == 0 {
                ledger.silent.insert(mirror)
                world.isSilent.insert(mirror)
            }
        default:
            world.clock.pass(Int64.random(in: 0..<2 * Self.grace, using: &chance))
        }
    }

    private func stored(_ world: RetentionWorld, _ ledger: Ledger) throws -> Set<BlobID> {
        Set(try ledger.links.keys.filter { try world.isStored($0) })
    }

    /// - Returns: how many blobs went.
    private func check(
        _ before: Set<BlobID>, _ world: RetentionWorld, _ ledger: Ledger, grace: Int64, _ place: String
    ) throws -> Int {
        let gone = try before.subtracting(stored(world, ledger))
        for blob in gone {
            #expect(
                ledger.mayGo(blob, now: world.clock.now, grace: grace),
                "\(place): \(blob) of \(ledger.mirrors(of: blob)) went")
        }
        return gone.count
    }

    /// What is above a mark is what may not go.
    private func checkMarks(_ world: RetentionWorld, _ ledger: Ledger, _ place: String) async throws {
        let stored = try stored(world, ledger)
        let (now, free) = (world.clock.now, try world.blobs.space().free)
        let above = Set(
            ["small": Int64(60 << 10), "both": 100 << 10].filter { mirror, limit in
                stored.filter { ledger.mirrors(of: $0).contains(mirror) }.reduce(0) { $0 + (ledger.sizes[$1] ?? 0) }
                    > limit
            }.keys)
        // What came while the run went on is young.
        for blob in stored where !above.isEmpty {
            let mirrors = ledger.mirrors(of: blob)
            guard !mirrors.isEmpty, mirrors.isSubset(of: above) else { continue }
            #expect(!ledger.mayGo(blob, now: now, grace: Self.grace), "\(place): \(mirrors) has more than it may")
        }
        let unmet = Set(["old": Self.disk / 5, "both": Int64(60 << 10)].filter { free < $0.value }.keys)
        for blob in stored {
            let mirrors = ledger.mirrors(of: blob)
            if mirrors == ["old"], now - (ledger.used[blob] ?? 0) > 3_600_000 {
                #expect(!ledger.mayGo(blob, now: now, grace: Self.grace), "\(place): it is too old")
            }
            guard !unmet.isEmpty, !mirrors.isEmpty, mirrors.isSubset(of: unmet) else { continue }
            #expect(!ledger.mayGo(blob, now: now, grace: Self.grace), "\(place): the disk is too full for \(mirrors)")
        }
    }

    /// Who is refused could not have been given room.
    private func checkRefusal(_ bytes: Int64, _ world: RetentionWorld, _ ledger: Ledger) throws {
        let shortage = try world.blobs.shortage(of: bytes)
        let possible = try stored(world, ledger).filter {
            ledger.mayGo($0, now: world.clock.now, grace: Self.urgentGrace)
        }.reduce(Int64(0)) { $0 + (ledger.sizes[$1] ?? 0) }
        #expect(possible < shortage, "\(bytes) bytes were refused, and \(possible) might have gone")
    }

    private func verify(_ world: RetentionWorld, _ place: String) async throws {
        let report = try await StorageCheck(store: world.hub.store, git: world.hub.git, blobs: world.blobs).run {
            Issue.record("\(place): \($0)")
        }
        #expect(report.problems == 0)
        let rows = Set(try await world.hub.store.storedBlobs().map(\.id))
        var files: Set<BlobID> = []
        for try await id in world.blobs.allIDs() { files.insert(id) }
        #expect(rows == files)
    }
}

extension Ledger {
    fileprivate mutating func note(_ pointer: LFSPointer, of key: Int64, at now: Int64) {
        links[pointer.oid, default: []].insert(key)
        sizes[pointer.oid] = pointer.size
        used[pointer.oid] = max(used[pointer.oid] ?? 0, now)
    }
}

/// The same seed gives the same rounds.
private struct RoundGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
