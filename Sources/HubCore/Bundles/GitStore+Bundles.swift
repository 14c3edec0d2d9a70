import Foundation
import Subprocess

extension GitStore {
    /// Writes the pack of a git bundle: everything that some tips need and some other commits do not have.
    /// - Parameters:
    ///   - tips: commits and annotated tags.
    ///   - excluding: commits that the reader has, with everything they descend from.
    ///   - onOutput: takes the pack's bytes.
    /// - Throws: `.internalError` when git fails, as on a history that is cut; what `onOutput` throws.
    package func bundlePack(
        of tips: [ObjectID], excluding: [CommitID], in key: Int64, onOutput: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        try await uploadPacks.enter()
        defer { uploadPacks.leave() }
        let directory = directory(of: key)
        var arguments = ["--git-dir=\(directory)", "pack-objects", "--revs", "--stdout", "-q", "--delta-base-offset"]
        if !excluding.isEmpty { arguments.append("--thin") }
        let lines = tips.map(\.hex) + excluding.map { "^\($0.hex)" }
        let outcome = try await process.run(
            arguments, environment: GitEnvironment(repository: directory).all, limits: GitProcess.Limits(),
            input: OneChunk(Array((lines.joined(separator: "\n") + "\n").utf8)), onOutput: onOutput)
        if let failure = outcome.inputFailure { throw failure }
        guard outcome.status.isSuccess else { throw failure(of: "pack-objects", outcome, in: key) }
    }

    /// Lets a repository read the objects of another one, for as long as it is checked beside it.
    package func borrow(from lender: Int64, by key: Int64) async throws {
        let (path, objects) = ("\(directory(of: key))/objects/info/alternates", "\(directory(of: lender))/objects")
        try await onThread { try DurableFiles.replace(path, with: Array("\(objects)\n".utf8)) }
        closeHandles(key)
    }

    /// Checks that everything is here that some tips need.
    /// - Parameter excluding: commits of which that is known.
    /// - Throws: `.unprocessable` with git's own words.
    package func requireConnected(_ tips: [ObjectID], excluding: [CommitID], in key: Int64) async throws {
        let directory = directory(of: key)
        let lines = tips.map(\.hex) + excluding.map { "^\($0.hex)" }
        let outcome = try await process.run(
            ["--git-dir=\(directory)", "rev-list", "--objects", "--quiet", "--stdin"],
            environment: GitEnvironment(repository: directory).all, limits: GitProcess.Limits(),
            input: OneChunk(Array((lines.joined(separator: "\n") + "\n").utf8))
        ) { _ in }
        guard outcome.status.isSuccess else {
            throw HubError(.unprocessable, "The git bundle has holes: \(outcome.message.onOneLine)")
        }
    }

    /// Whether one stored commit descends from another, or is it.
    package func descends(_ commit: CommitID, from ancestor: CommitID, in key: Int64) async throws -> Bool {
        try await isReached(ancestor, from: [commit], in: key)
    }
}

/// A sequence of one element.
struct OneChunk: AsyncSequence, Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    struct AsyncIterator: AsyncIteratorProtocol {
        var bytes: [UInt8]?

        mutating func next() async throws -> [UInt8]? {
            defer { bytes = nil }
            return bytes
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? {
            defer { bytes = nil }
            return bytes
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(bytes: bytes) }
}
