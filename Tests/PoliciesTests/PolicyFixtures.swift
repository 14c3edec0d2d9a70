import Foundation
import Testing

@testable import Policies

/// What the tests of this target share: folders with policy files, and short ways to load a policy.
enum PolicyFixtures {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let bad = files(in: root.appending(path: "Tests/Fixtures/policies/bad"))
    static let good = files(in: root.appending(path: "Tests/Fixtures/policies/good"))
    static let shipped = files(in: root.appending(path: "mirrors.d"))

    static func files(in folder: URL) -> [PolicyFile] {
        let urls = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return urls.filter { $0.pathExtension == "yaml" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
            .compactMap { url in
                (try? String(contentsOf: url, encoding: .utf8)).map {
                    PolicyFile(name: "mirrors.d/\(url.lastPathComponent)", text: $0)
                }
            }
    }

    /// A mirror whose `spec` continues with these lines, each indented by two spaces.
    static func text(_ spec: String, name: String = "hf") -> String {
        """
        apiVersion: weir/v1
        kind: Mirror
        metadata: {name: \(name)}
        spec:
          upstreams:
          - {name: hub, type: huggingface, url: "https://hub.example.com"}

        """ + spec
    }

    static func load(_ spec: String) -> PolicyLoad {
        PolicySnapshot.load([PolicyFile(name: "mirrors.d/hf.yaml", text: text(spec))], digest: "d1")
    }

    /// The decision of a mirror with this `spec`; fails the test when it does not load.
    static func decide(_ spec: String, _ facts: Facts, sourceLocation: Testing.SourceLocation = #_sourceLocation)
        throws -> Decision
    {
        let load = load(spec)
        let complaint = load.errors.map(\.description).joined(separator: "\n")
        let snapshot = try #require(load.snapshot, "\(complaint)", sourceLocation: sourceLocation)
        let mirror = try #require(snapshot.mirrors.first, sourceLocation: sourceLocation)
        return snapshot.decide(mirror: mirror, facts: facts)
    }
}
