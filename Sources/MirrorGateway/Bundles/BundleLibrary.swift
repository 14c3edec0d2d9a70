import Foundation
package import HubCore
import Policies
import Synchronization

/// Bundles that are kept in the folders of upstreams of type `bundle`: where a damaged blob can be had from again.
package final class BundleLibrary: Sendable {
    private struct Known: Sendable {
        let stamp: String
        /// Nil for a file that is no bundle of a trusted exporter.
        let archive: BundleArchive?
        let items: [BlobID: BundleLayout.Item]
    }

    private let hub: Hub
    private let policies: PolicyEngine?
    private let known = Mutex<[String: Known]>([:])

    init(hub: Hub, policies: PolicyEngine?) {
        self.hub = hub
        self.policies = policies
    }

    /// Folders that mirrors name.
    private var folders: [String] {
        let upstreams = policies?.current.mirrors.flatMap { $0.document.upstreams } ?? []
        return Set(upstreams.filter { $0.type == .bundle }.map(\.url.path)).sorted()
    }

    /// The bytes of a blob from a bundle that is kept; nil when none has it. They are not compared with its digest:
    /// whoever stores them does that.
    package func blob(_ id: BlobID) async throws -> BundleBlob? {
        let (folders, trust) = (folders, try BundleTrust(hub.directory))
        return try await hub.blobs.blocking { [self] in
            for folder in folders {
                let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
                for name in names where name.hasSuffix(".hubpack") {
                    let known = look(at: "\(folder)/\(name)", trust)
                    guard let archive = known.archive, let item = known.items[id] else { continue }
                    return BundleBlob(id: id, size: item.size, archive: archive, item: item, blobs: hub.blobs)
                }
            }
            return nil
        }
    }

    /// Stores a blob again from a bundle that is kept.
    /// - Returns: whether one had it.
    /// - Throws: `.unprocessable` when its bytes are spoilt there too; `.storageFull`.
    package func heal(_ id: BlobID) async throws -> Bool {
        guard let blob = try await blob(id) else { return false }
        _ = try await hub.blobs.store(id, size: blob.size, from: blob)
        return true
    }

    private func look(at path: String, _ trust: BundleTrust) -> Known {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let written = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        let stamp = "\(written) \((attributes?[.size] as? NSNumber)?.int64Value ?? 0) \(trust.keys.map(\.id))"
        if let old = known.withLock({ $0[path] }), old.stamp == stamp { return old }
        let archive = (try? BundleArchive(paths: [path])).flatMap { trust.signer(of: $0.envelope) == nil ? nil : $0 }
        let items = (archive?.layout.items ?? []).filter { $0.name.hasPrefix(BundleLayout.blobFolder) }
        let new = Known(
            stamp: stamp, archive: archive,
            items: Dictionary(items.map { ($0.digest, $0) }, uniquingKeysWith: { first, _ in first }))
        known.withLock { $0[path] = new }
        return new
    }
}

/// The bytes of a blob in a bundle.
package struct BundleBlob: AsyncSequence, Sendable {
    package let id: BlobID
    package let size: Int64
    fileprivate let archive: BundleArchive
    fileprivate let item: BundleLayout.Item
    fileprivate let blobs: FileBlobStore

    fileprivate init(id: BlobID, size: Int64, archive: BundleArchive, item: BundleLayout.Item, blobs: FileBlobStore) {
        self.id = id
        self.size = size
        self.archive = archive
        self.item = item
        self.blobs = blobs
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let blob: BundleBlob
        fileprivate var offset: Int64 = 0

        package mutating func next() async throws -> [UInt8]? {
            let (blob, start) = (blob, offset)
            let count = Int(Swift.min(1 << 20, blob.size - start))
            guard count > 0 else { return nil }
            let bytes = try await blob.blobs.blocking {
                try blob.archive.read(at: blob.item.content + start, count: count)
            }
            offset += Int64(bytes.count)
            return bytes
        }

        package mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? {
            try await next()
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(blob: self) }
}

extension Gateway {
    /// Bundles that are kept in folders of this machine. Whoever looks for many blobs keeps it: it remembers the files.
    package var bundleLibrary: BundleLibrary { BundleLibrary(hub: hub, policies: policies) }
}
