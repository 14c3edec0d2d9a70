import Subprocess

/// Which commit each line of a file is from.
package struct Blame: Sendable, Equatable {
    /// Neighbouring lines of one commit.
    package struct Run: Sendable, Equatable {
        package let commit: CommitID
        package let author: String
        /// Seconds since 1970.
        package let seconds: Int64
        package let title: String
        /// The name the file had in that commit.
        package let path: String
        /// Whether history ends there.
        package let isBoundary: Bool
        /// From 1.
        package let firstLine: Int
        package internal(set) var lines: [String]
    }

    package private(set) var runs: [Run] = []

    private struct About {
        var author = ""
        var seconds: Int64 = 0
        var title = ""
        var path = ""
        var isBoundary = false
    }

    /// Reads `git blame --porcelain`: a header for each line, facts of each commit where it comes first, and the line
    /// behind a tab.
    init(porcelain bytes: [UInt8], lineLength: Int) {
        var known: [CommitID: About] = [:]
        var current: CommitID?
        var number = 0
        for raw in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if raw.first == UInt8(ascii: "\t") {
                guard let current else { continue }
                append(Self.text(raw.dropFirst(), lineLength), number, current, known[current] ?? About())
                continue
            }
            let line = String(decoding: raw, as: UTF8.self)
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard let word = parts.first else { continue }
            let rest = parts.count > 1 ? String(parts[1]) : ""
            if let commit = CommitID(String(word)) {
                current = commit
                number = Int(rest.split(separator: " ").dropFirst().first ?? "") ?? number + 1
                known[commit] = known[commit] ?? About()
                continue
            }
            guard let current else { continue }
            switch word {
            case "author": known[current]?.author = rest
            case "author-time": known[current]?.seconds = Int64(rest) ?? 0
            case "summary": known[current]?.title = rest
            case "filename": known[current]?.path = rest
            case "boundary": known[current]?.isBoundary = true
            default: break
            }
        }
    }

    private mutating func append(_ text: String, _ number: Int, _ commit: CommitID, _ about: About) {
        if let last = runs.last, last.commit == commit, last.firstLine + last.lines.count == number {
            runs[runs.count - 1].lines.append(text)
            return
        }
        runs.append(
            Run(
                commit: commit, author: about.author, seconds: about.seconds, title: about.title, path: about.path,
                isBoundary: about.isBoundary, firstLine: number, lines: [text]))
    }

    private static func text(_ bytes: ArraySlice<UInt8>, _ limit: Int) -> String {
        let line = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
        return String(decoding: line.prefix(limit), as: UTF8.self) + (line.count > limit ? "…" : "")
    }
}

extension GitStore {
    /// Which commit each line of a stored file is from, as far as history is here.
    /// - Parameter lineLength: bytes of a line that are read.
    /// - Throws: `revision-not-found`; `payload-too-large` when it takes too long or tells too much.
    package func blame(
        _ path: GitPath, at commit: CommitID, in key: Int64, lineLength: Int = 2_000
    ) async throws -> Blame {
        _ = try await withRepository(key) { try $0.requireCommit(commit) }
        let directory = directory(of: key)
        var output: [UInt8] = []
        let outcome = try await process.run(
            ["--git-dir=\(directory)", "blame", "--porcelain", "--no-textconv", commit.hex, "--", path.path],
            environment: GitEnvironment(repository: directory).all,
            limits: GitProcess.Limits(processorSeconds: 20), input: NoChunks?.none
        ) { bytes in
            output.append(contentsOf: bytes)
            guard output.count <= 16 << 20 else { throw Self.tooMuchBlame(path) }
        }
        switch outcome.status {
        case .exited(0): return Blame(porcelain: output, lineLength: lineLength)
        case .exited: throw failure(of: "blame", outcome, in: key)
        default: throw Self.tooMuchBlame(path)
        }
    }

    private static func tooMuchBlame(_ path: GitPath) -> HubError {
        HubError(
            .payloadTooLarge, "The history of '\(path)' is too long to tell where each line is from.",
            remedy: "Clone the repository and run git blame.")
    }
}
