import ArgumentParser
import Foundation
import HubCore
import Policies

/// Looks at files of this machine as the gateway looks at what it stores.
struct ScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Say whether files may run code when they are loaded, by their content.",
        discussion: """
            Folders are looked at with all that is in them, as a revision of a repository: links and names count too.
            Nothing is loaded or run, and nothing is asked of a hub.

            Exit codes: 0 everything is clean, 1 something is not understood, 77 something may run code, 66 not found.
            """)

    @Argument(help: "Files and folders.") var paths: [String]
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        try await CommandFailure.report {
            var files: [FileReport] = []
            var tree: [ScanFinding] = []
            for path in paths {
                guard let listing = try ScannedTree(path) else {
                    throw HubError(.notFound, "There is no file or folder '\(path)'.")
                }
                for name in listing.files {
                    let report = Self.report(name, of: listing)
                    files.append(report)
                    if !json { Self.show(report) }
                }
                if listing.isFolder {
                    let found = RevisionScanner().findings(in: try listing.entries())
                    tree += found
                    if !json { for finding in found { print("  \(Self.line(finding))") } }
                }
            }
            let worst = max(
                files.map(\.report.verdict).max() ?? .clean, tree.map(\.verdict).max() ?? .clean)
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                let document = Document(verdict: worst, files: files.map(FileEntry.init), tree: tree)
                print(String(decoding: try encoder.encode(document), as: UTF8.self))
            } else {
                print("\(files.count) files: \(worst.rawValue)")
            }
            switch worst {
            case .clean: break
            case .unknown: throw ExitCode.failure
            case .suspicious, .dangerous: throw CommandFailure.refused
            }
        }
    }

    private struct FileReport {
        let path: String
        let report: ScanReport
    }

    private struct Document: Encodable {
        let verdict: ScanVerdict
        let files: [FileEntry]
        let tree: [ScanFinding]
    }

    private struct FileEntry: Encodable {
        let path: String
        let format: String
        let verdict: ScanVerdict
        let findings: [ScanFinding]

        init(_ file: FileReport) {
            path = file.path
            format = file.report.format
            verdict = file.report.verdict
            findings = file.report.findings
        }
    }

    private static func report(_ name: String, of listing: ScannedTree) -> FileReport {
        let path = listing.path(of: name)
        do {
            var source = try ScannedFile(path: path)
            return FileReport(path: path, report: FileScanner().scan(name: name, source: &source))
        } catch {
            let finding = ScanFinding(
                scanner: "container", verdict: .unknown, code: "source.unreadable", place: "", text: "could not be read"
            )
            return FileReport(
                path: path, report: ScanReport(format: "unknown", verdict: .unknown, findings: [finding]))
        }
    }

    private static func show(_ file: FileReport) {
        print("\(file.report.verdict.rawValue)\t\(file.report.format)\t\(file.path)")
        for finding in file.report.findings { print("  \(line(finding))") }
    }

    private static func line(_ finding: ScanFinding) -> String {
        let place = finding.place.isEmpty ? "" : " at \(finding.place)"
        return "\(finding.verdict.rawValue): \(finding.text)\(place) (\(finding.code))"
    }
}
