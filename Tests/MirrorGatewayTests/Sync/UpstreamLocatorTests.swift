import HubCore
import Policies
import Testing

@testable import MirrorGateway

@Suite("Which upstream of the policy an address belongs to")
struct UpstreamLocatorTests {
    private let locator: UpstreamLocator

    init() throws {
        let file = """
            apiVersion: weir/v1
            kind: Mirror
            metadata: {name: hf}
            spec:
              upstreams:
              - {name: hub, type: huggingface, url: "https://huggingface.co"}
              namespace: {map: {"acme*": "hf-{owner}", "solo": "lonely"}}
            ---
            apiVersion: weir/v1
            kind: Mirror
            metadata: {name: opencsg}
            spec:
              upstreams:
              - {name: open, type: opencsg, url: "https://hub.opencsg.com"}
              - {name: forge, type: git-lfs, url: "http://forge.example.com:3000/git"}

            """
        let loaded = PolicySnapshot.load([PolicyFile(name: "mirrors.d/all.yaml", text: file)], digest: "d")
        let mirrors = try #require(loaded.snapshot, "\(loaded.errors)").mirrors
        locator = UpstreamLocator { mirrors }
    }

    private func find(_ address: String, _ kind: HubCore.RepositoryKind? = nil) throws -> UpstreamLocator.Finding {
        locator.locate(try EgressURL(parsing: address), kind: kind)
    }

    @Test(
        "addresses of pages, of git and of files' roots lead to the same repository",
        arguments: [
            ("https://huggingface.co/acme-labs/demo", "model:hf-acme-labs/demo"),
            ("https://huggingface.co/acme-labs/demo.git", "model:hf-acme-labs/demo"),
            ("http://huggingface.co/solo/demo/", "model:lonely/demo"),
            ("https://HuggingFace.co/datasets/acme/tables", "dataset:hf-acme/tables"),
            ("https://hub.opencsg.com/models/Qwen/Qwen3.git", "model:Qwen/Qwen3"),
            ("https://sync.opencsg.com/mcpservers/a/b.git", "mcpserver:a/b"),
            ("https://hub.opencsg.com/mcps/a/b", "mcpserver:a/b"),
            ("http://forge.example.com:3000/git/a/b.git", "model:a/b"),
        ])
    func found(address: String, local: String) throws {
        guard case .found(let place) = try find(address) else {
            Issue.record("\(address): \(try find(address))")
            return
        }
        #expect(place.local.description == local)
    }

    @Test("a kind that the address does not tell is taken from who asks, and one that it tells must agree")
    func kinds() throws {
        guard case .found(let place) = try find("http://forge.example.com:3000/git/a/b", .dataset) else {
            Issue.record("not found")
            return
        }
        #expect(place.local.description == "dataset:a/b" && place.source.upstream == "forge")
        guard case .unreadable(let source) = try find("https://hub.opencsg.com/models/a/b", .dataset) else {
            Issue.record("another kind was taken")
            return
        }
        #expect(source.mirror == "opencsg" && source.file == "mirrors.d/all.yaml" && source.number == 2)
    }

    @Test("what no file has is told apart: the host, the owner, and what is no repository")
    func misses() throws {
        #expect(try find("https://github.com/a/b") == .unknown(host: "github.com"))
        // Another port is another server, and a folder that a name only begins with is another folder.
        #expect(try find("http://forge.example.com/git/a/b") == .unknown(host: "forge.example.com"))
        #expect(try find("http://forge.example.com:3000/gitea/a/b") == .unknown(host: "forge.example.com"))
        guard case .unmapped(let source, let owner) = try find("https://huggingface.co/stranger/x") else {
            Issue.record("a stranger was let in")
            return
        }
        #expect(source.mirror == "hf" && owner == "stranger")
        for address in [
            "https://hub.opencsg.com/", "https://hub.opencsg.com/models/a", "https://hub.opencsg.com/a/b/c/d",
        ] {
            guard case .unreadable = try find(address) else {
                Issue.record("\(address) was taken: \(try find(address))")
                continue
            }
        }
    }
}
