import Crypto
import Foundation

extension GitStore {
    /// Answers one stateless request of `git upload-pack`: what refs there are from their copy, a clone that somebody
    /// else has made before from a file, and everything else by git.
    ///
    /// Whether the reader may have what he asks for was decided before.
    package func answer(
        _ fetch: UploadPackRequest, in key: Int64, protocolVersion: String?, for caller: String? = nil, body: [UInt8],
        onOutput: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        if let refs = try await listed(fetch, in: key, body: body) { return try await onOutput(refs[...]) }
        guard let found = try await found(fetch, in: key, protocolVersion: protocolVersion, body: body) else {
            try await uploadPack(
                in: key, protocolVersion: protocolVersion, advertise: false, for: caller,
                request: ByteChunks(bytes: body), onOutput: onOutput)
            return
        }
        switch found.answer {
        case .stored(let file): try await send(file, 0..<file.size, onOutput)
        case .growing(let answer): try await follow(answer, onOutput)
        case .new(let answer):
            answer.start { [self] in
                await make(answer, found, in: key, protocolVersion: protocolVersion, for: caller, body: body)
            }
            try await follow(answer, onOutput)
        }
    }

    private func listed(_ fetch: UploadPackRequest, in key: Int64, body: [UInt8]) async throws -> [UInt8]? {
        guard fetch.version == .v2, fetch.command == .listRefs, let listed = ListedRefs(request: body) else {
            return nil
        }
        let directory = directory(of: key)
        return try await onThread {
            guard let refs = FileManager.default.contents(atPath: directory + "/packed-refs"),
                let head = FileManager.default.contents(atPath: directory + "/HEAD")
            else { return nil }
            return listed.answer(packedRefs: Array(refs), head: Array(head))
        }
    }

    /// An answer and what it depends on.
    private struct Search: Sendable {
        let name: String
        let state: [UInt8]
        let answer: UploadPackAnswers.Found
    }

    /// - Returns: nil for what is not to be kept: all but whole clones, and repositories that are too large.
    private func found(
        _ fetch: UploadPackRequest, in key: Int64, protocolVersion: String?, body: [UInt8]
    ) async throws -> Search? {
        guard fetch.command == .fetch, fetch.isDone, fetch.haveCount == 0, !fetch.wants.isEmpty, body.count < 1 << 20,
            let question = Self.question(of: body, version: fetch.version)
        else { return nil }
        let (directory, folder, answers, root) = (directory(of: key), answersDirectory, answers, root)
        return try await onThread {
            guard let state = try Self.state(of: directory) else { return nil }
            let packs = directory + "/objects/pack"
            let bytes = try PosixFile.names(in: packs).reduce(Int64(0)) { sum, name in
                guard name.hasSuffix(".pack") else { return sum }
                return sum + (try PosixFile.size(of: "\(packs)/\(name)") ?? 0)
            }
            // A disk that is nearly full is for what is worth keeping.
            guard bytes <= UploadPackAnswers.largestRepository, try PosixFile.space(at: root).free > 2 << 30 else {
                return nil
            }
            var hash = SHA256()
            hash.update(data: Array("\(key) \(protocolVersion ?? "")\n".utf8))
            hash.update(data: state)
            hash.update(data: question)
            let name = Hexadecimal.encode(Array(hash.finalize()))
            let answer = try answers.find(name) {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                return try GrowingAnswer(path: "\(folder)/\(Leftovers.newName())")
            }
            return Search(name: name, state: state, answer: answer)
        }
    }

    /// What is asked, without what the client tells of itself.
    private static func question(of body: [UInt8], version: GitProtocolVersion) -> [UInt8]? {
        var parser = PktLineParser()
        parser.append(body)
        var question: [UInt8] = []
        while let line = try? parser.next() {
            guard case .data = line, let text = line.text else {
                line.append(to: &question)
                continue
            }
            if version == .v2, text.hasPrefix("agent=") || text.hasPrefix("session-id=") { continue }
            guard version != .v2, text.hasPrefix("want ") else {
                line.append(to: &question)
                continue
            }
            let words = text.split(separator: " ").filter { !$0.hasPrefix("agent=") && !$0.hasPrefix("session-id=") }
            PktLine.text(words.joined(separator: " ")).append(to: &question)
        }
        return parser.pendingByteCount == 0 ? question : nil
    }

    /// A digest of everything besides the question that decides an answer: refs, where history is cut, and the packs,
    /// whose folder is touched too when objects go that lie beside them. Blocks.
    private static func state(of directory: String) throws -> [UInt8]? {
        var hash = SHA256()
        for file in ["packed-refs", "HEAD", "shallow"] {
            let bytes = FileManager.default.contents(atPath: "\(directory)/\(file)")
            hash.update(data: Array("\(file) \(bytes?.count ?? -1)\n".utf8))
            if let bytes { hash.update(data: bytes) }
        }
        guard let packs = try PosixFile.stamp(of: directory + "/objects/pack") else { return nil }
        hash.update(data: Array("packs \(packs.written)\n".utf8))
        return Array(hash.finalize())
    }

    /// Has git make an answer. It is kept only if what it depends on stayed as it was.
    private func make(
        _ answer: GrowingAnswer, _ search: Search, in key: Int64, protocolVersion: String?, for caller: String?,
        body: [UInt8]
    ) async {
        var isKept = false
        do {
            let isWhole = try await uploadPack(
                in: key, protocolVersion: protocolVersion, advertise: false, for: caller,
                request: ByteChunks(bytes: body)
            ) { bytes in try await onThread { try answer.append(bytes) } }
            let directory = directory(of: key)
            isKept = try await onThread { try isWhole && Self.state(of: directory) == search.state }
            answer.finish(.success(()))
        } catch {
            isKept = false
            answer.finish(.failure(error))
        }
        let answers = answers
        // A cancelled maker cleans up as well.
        try? await Task { [self, isKept] in
            try await onThread { answers.settle(search.name, answer, of: key, isKept: isKept) }
        }.value
    }

    private func follow(_ answer: GrowingAnswer, _ onOutput: (ArraySlice<UInt8>) async throws -> Void) async throws {
        defer { answer.leave() }
        var offset: Int64 = 0
        while let end = try await answer.written(past: offset) {
            try await send(answer.file, offset..<end, onOutput)
            offset = end
        }
    }

    private func send(
        _ file: OpenFile, _ range: Range<Int64>, _ onOutput: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let (start, count) = (offset, Int(min(range.upperBound - offset, 1 << 20)))
            let piece = try await onThread { try file.read(at: start, count: count) }
            guard piece.count == count else {
                throw HubError(.storageCorrupt, "A kept answer of git ends at byte \(start + Int64(piece.count)).")
            }
            try await onOutput(piece[...])
            offset += Int64(count)
        }
    }
}
