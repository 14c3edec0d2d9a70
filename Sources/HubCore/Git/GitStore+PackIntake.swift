import Foundation
import Subprocess

extension GitStore {
    /// Takes a pack from outside into a repository: received, checked and indexed in a quarantine folder by
    /// `git index-pack`, made durable, and only then moved among the repository's packs.
    ///
    /// Thin packs are completed from the objects already here. Connectivity is not checked, for a shallow pack's
    /// boundary has no parents: the caller asks for what it needs and finds out. Whatever fails, including the
    /// sequence itself, leaves nothing visible.
    /// - Parameters:
    ///   - keepMessage: why the pack is kept, written into its `.keep` file until `releaseKeep`.
    ///   - chunks: the pack's bytes, without side-band framing.
    /// - Throws: `upstream-corrupt` with git's own words; `payload-too-large`; `storage-full`; what `chunks` throws.
    package func intakePack(
        in key: Int64, keepMessage: String, limits: PackLimits,
        chunks: some AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws -> PackIntakeResult {
        try await packIntakes.enter()
        defer { packIntakes.leave() }
        return try await withQuarantine(for: key) { quarantine in
            let result = try await index(
                PackChunks(chunks, limits: limits), in: quarantine, keepMessage: keepMessage, limits: limits)
            try await admit(result, from: quarantine)
            return result
        }
    }

    /// Lets a pack be repacked and pruned like any other, once a ref names its objects.
    package func releaseKeep(_ result: PackIntakeResult, in key: Int64) async throws {
        guard let pack = result.pack else { return }
        let path = "\(directory(of: key))/objects/pack/pack-\(pack).keep"
        try await onThread {
            guard unlink(path) == 0 || errno == ENOENT else { throw DurableFiles.failure("remove \(path)") }
        }
    }

    /// Receives, checks and indexes a pack in a quarantine folder, where only its owner sees it.
    func index(
        _ chunks: PackChunks<some AsyncSequence<[UInt8], any Error> & Sendable>, in quarantine: Quarantine,
        keepMessage: String, limits: PackLimits
    ) async throws -> PackIntakeResult {
        var arguments = [
            "index-pack", "--stdin", "--fix-thin", "--threads=1", "--max-input-size=\(limits.maximumBytes)",
            "--keep=\(keepMessage.split(whereSeparator: \.isNewline).joined(separator: " "))",
        ]
        // Not --strict: it also demands that every object named is there, which a shallow boundary denies.
        if limits.checksObjects { arguments.append("--fsck-objects") }
        var output: [UInt8] = []
        let outcome = try await process.run(
            arguments, environment: quarantine.environment.all,
            limits: GitProcess.Limits(
                addressSpace: limits.addressSpace, processorSeconds: limits.processorSeconds,
                // The objects a thin pack lacks are appended to it, hence twice.
                fileSize: limits.maximumBytes.multipliedReportingOverflow(by: 2).partialValue),
            input: chunks
        ) { if output.count < 1 << 16 { output.append(contentsOf: $0) } }
        if let failure = outcome.inputFailure { throw failure }
        guard outcome.status.isSuccess else { throw Self.refusal(outcome) }
        let read = chunks.read
        guard let objectCount = read.objectCount, let pack = Self.packName(in: output) else {
            throw HubError(.upstreamCorrupt, "What was sent is not a git pack.")
        }
        // libgit2 has no use for an index of nothing.
        return PackIntakeResult(
            pack: objectCount > 0 ? pack : nil, objectCount: objectCount, byteCount: read.byteCount)
    }

    /// `keep\t<id>` or `pack\t<id>` on standard output.
    private static func packName(in output: [UInt8]) -> ObjectID? {
        for line in output.split(separator: UInt8(ascii: "\n")) {
            if line.starts(with: "keep\t".utf8) || line.starts(with: "pack\t".utf8) {
                return ObjectID(hexDigits: line.dropFirst(5))
            }
        }
        return nil
    }

    private static func refusal(_ outcome: GitProcess.Outcome) -> HubError {
        let words = outcome.message.split(whereSeparator: \.isNewline).joined(separator: "; ")
        if words.contains("No space left on device") {
            return HubError(
                .storageFull, "The pack could not be stored: \(words)", remedy: "Free space on the data volume.")
        }
        if words.contains("maximum allowed size") {
            return HubError(.payloadTooLarge, "The pack is too large: \(words)")
        }
        let detail = words.isEmpty ? "git index-pack ended with \(outcome.status)" : words
        return HubError(.upstreamCorrupt, "The pack was refused: \(detail)")
    }
}
