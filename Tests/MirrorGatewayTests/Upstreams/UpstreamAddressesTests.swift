import HubCore
import Testing

@testable import MirrorGateway

@Suite("Where each dialect keeps what")
struct UpstreamAddressesTests {
    private struct Form: Sendable, CustomTestStringConvertible {
        let type: UpstreamType
        let base: String
        let repository: String
        let metadata: String?
        let git: String
        let resolve: String?

        var testDescription: String { "\(type.rawValue) \(repository) at \(base)" }
    }

    private static let commit = String(repeating: "1", count: 40)

    private static let forms: [Form] = [
        Form(
            type: .huggingface, base: "https://hf.example", repository: "model:acme/big",
            metadata: "https://hf.example/api/models/acme/big", git: "https://hf.example/acme/big.git",
            resolve: "https://hf.example/acme/big/resolve/\(commit)/a%20b/c%23.bin"),
        Form(
            type: .huggingface, base: "https://proxy.example/hf/", repository: "dataset:acme/big",
            metadata: "https://proxy.example/hf/api/datasets/acme/big",
            git: "https://proxy.example/hf/datasets/acme/big.git",
            resolve: "https://proxy.example/hf/datasets/acme/big/resolve/\(commit)/a%20b/c%23.bin"),
        Form(
            type: .huggingface, base: "https://hf.example", repository: "code:acme/big", metadata: nil,
            git: "https://hf.example/codes/acme/big.git", resolve: nil),
        Form(
            type: .weir, base: "http://127.0.0.1:8080", repository: "model:acme/big",
            metadata: "http://127.0.0.1:8080/api/models/acme/big", git: "http://127.0.0.1:8080/models/acme/big.git",
            resolve: "http://127.0.0.1:8080/acme/big/resolve/\(commit)/a%20b/c%23.bin"),
        Form(
            type: .opencsg, base: "https://hub.example", repository: "model:acme/big",
            metadata: "https://hub.example/api/v1/models/acme/big", git: "https://sync.example/models/acme/big.git",
            resolve: "https://hub.example/csg/acme/big/resolve/\(commit)/a%20b/c%23.bin"),
        Form(
            type: .csghub, base: "https://hub.example", repository: "code:acme/big",
            metadata: "https://hub.example/api/v1/codes/acme/big", git: "https://hub.example/codes/acme/big.git",
            resolve: "https://hub.example/csg/codes/acme/big/resolve/\(commit)/a%20b/c%23.bin"),
        Form(
            type: .gitLFS, base: "https://git.example/team", repository: "dataset:acme/big", metadata: nil,
            git: "https://git.example/team/acme/big.git", resolve: nil),
    ]

    @Test("URLs of every dialect", arguments: forms)
    private func urls(form: Form) throws {
        let addresses = UpstreamAddresses(type: form.type, base: try EgressURL(parsing: form.base), git: nil)
        let repository = UpstreamPath(try Sample.id(form.repository))
        let commit = try #require(Sample.commit)
        #expect(addresses.metadata(of: repository)?.absoluteString == form.metadata)
        #expect(addresses.git(repository).absoluteString == form.git)
        #expect(addresses.lfs(repository).absoluteString == form.git + "/info/lfs")
        #expect(addresses.resolve("a b/c#.bin", at: commit, of: repository)?.absoluteString == form.resolve)
        #expect(addresses.resolve("", at: commit, of: repository) == nil)
    }

    @Test("a configured git URL wins")
    func gitURL() throws {
        let addresses = UpstreamAddresses(
            type: .opencsg, base: try EgressURL(parsing: "https://hub.example"),
            git: try EgressURL(parsing: "https://git.example/mirror"))
        let git = addresses.git(UpstreamPath(try Sample.id("model:acme/big")))
        #expect(git.absoluteString == "https://git.example/mirror/models/acme/big.git")
    }
}
