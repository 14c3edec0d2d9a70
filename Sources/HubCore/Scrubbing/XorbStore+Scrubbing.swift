import Foundation

extension XorbStore {
    /// Whether anything was ever stored below `root`.
    static func exists(at root: String) -> Bool { FileManager.default.fileExists(atPath: root + "/xorbs") }

    /// The stored xorbs whose name begins with the byte `prefix`, in order.
    func names(beginningWith prefix: UInt8) async throws -> [XetHash] {
        let directory = directory
        return try await workers.run { try directory.names(beginningWith: prefix) }
    }

    /// Reads a stored xorb at a pace, chunk by chunk, and compares the hash of each.
    /// - Returns: bytes that were read, and what is wrong; nil when nothing is, or it is gone.
    func check(_ name: XetHash, pace: ScrubPace) async throws -> (bytes: Int64, problem: String?) {
        do {
            guard let xorb = try await open(name) else { return (0, nil) }
            try await workers.run { try xorb.index.verify(name) }
            var next = 0
            var spent: Int64 = 0
            while next < xorb.index.chunks.count {
                let first = next
                next = try await workers.run { try xorb.verify(from: first) }
                let bytes = next < xorb.index.chunks.count ? xorb.index.chunks[next].offset : xorb.file.size
                try await pace.spend(bytes - spent)
                spent = bytes
            }
            return (xorb.file.size, nil)
        } catch let error as HubError where error.code != .shuttingDown {
            return (0, error.message)
        }
    }
}

extension XorbFile {
    /// Reads chunks from `first` on, a few MiB.
    /// - Returns: the first chunk that was not read.
    /// - Throws: `storage-corrupt`.
    fileprivate func verify(from first: Int) throws -> Int {
        var number = first
        var bytes = 0
        while number < index.chunks.count, bytes < 4 << 20 {
            bytes += try content(of: number).count
            number += 1
        }
        return number
    }
}
