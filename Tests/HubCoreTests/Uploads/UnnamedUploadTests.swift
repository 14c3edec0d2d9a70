import Foundation
import Testing

@testable import HubCore

@Suite("Uploads whose digest nobody knows before all of it came")
struct UnnamedUploadTests {
    private let fixture: HubFixture
    private let repository: Repository
    private var uploads: UploadService { fixture.hub.uploads }
    private let bytes = Array("weights of a model".utf8)

    init() async throws {
        fixture = try await HubFixture()
        let owner = try await fixture.principal("acme")
        try await fixture.create("model:acme/demo")
        repository = try await fixture.authorizer.open(owner, .contentWrite, HubFixture.id("model:acme/demo"))
    }

    private func body(_ pieces: [UInt8]..., failing error: HubError? = nil) -> AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { stream in
            for piece in pieces { stream.yield(piece) }
            stream.finish(throwing: error)
        }
    }

    private func upload(_ token: String = "0123456789abcdef") throws -> UnnamedUpload {
        try #require(UnnamedUpload(token, size: Int64(bytes.count), into: repository))
    }

    private var staged: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: fixture.hub.directory.blobs + "/uploads") }
    }

    @Test("a large file in pieces is named by what came, and its name is known to whoever asks again")
    func large() async throws {
        let upload = try upload()
        let first = try await uploads.append(
            to: upload, at: 0, isLarge: true, of: repository, from: body(Array(bytes.prefix(7))))
        #expect(first == .arriving(7))
        #expect(try uploads.state(of: upload, in: repository) == .arriving(7))
        let last = try await uploads.append(
            to: upload, at: 7, isLarge: true, of: repository, from: body(Array(bytes.dropFirst(7))))
        #expect(last == .stored(BlobID(hashing: bytes)))
        // The answer was lost: sent again, it is not kept twice.
        #expect(try uploads.state(of: upload, in: repository) == last)
        let again = try await uploads.append(
            to: upload, at: Int64(bytes.count), isLarge: true, of: repository, from: body())
        #expect(again == last)
        try await uploads.verify(LFSPointer(oid: BlobID(hashing: bytes), size: Int64(bytes.count)), of: repository)
        try await uploads.discard(upload, in: repository)
        #expect(try staged == [])
    }

    @Test("a piece at another place or of too many bytes is refused, and what came before stays")
    func places() async throws {
        let upload = try upload()
        _ = try await uploads.append(
            to: upload, at: 0, isLarge: true, of: repository, from: body(Array(bytes.prefix(7))))
        for offset in [0, 6, 8] as [Int64] {
            let error = await hubError {
                _ = try await uploads.append(to: upload, at: offset, isLarge: true, of: repository, from: body([1]))
            }
            #expect(error?.code == .conflict)
        }
        let long = await hubError {
            _ = try await uploads.append(to: upload, at: 7, isLarge: true, of: repository, from: body(bytes))
        }
        #expect(long?.code == .unprocessable)
        #expect(try uploads.state(of: upload, in: repository) == .arriving(7))
    }

    @Test("what arrived before a connection broke is kept")
    func broken() async throws {
        let upload = try upload()
        _ = await hubError {
            _ = try await uploads.append(
                to: upload, at: 0, isLarge: true, of: repository,
                from: body(Array(bytes.prefix(5)), failing: HubError(.badRequest, "broken")))
        }
        #expect(try uploads.state(of: upload, in: repository) == .arriving(5))
    }

    @Test("a small file waits for its commit and becomes no blob")
    func small() async throws {
        let upload = try upload()
        let state = try await uploads.append(to: upload, at: 0, isLarge: false, of: repository, from: body(bytes))
        #expect(state == .arriving(Int64(bytes.count)))
        #expect(try await uploads.bytes(of: upload, in: repository) == bytes)
        #expect(try await fixture.hub.blobs.size(of: BlobID(hashing: bytes)) == nil)
        try await uploads.discard(upload, in: repository)
        #expect(try uploads.state(of: upload, in: repository) == .arriving(0))
        #expect(await hubError { _ = try await uploads.bytes(of: upload, in: repository) }?.code == .unprocessable)
    }

    @Test("nobody goes on with what another has begun, and no token leaves the folder")
    func others() async throws {
        let upload = try upload()
        _ = try await uploads.append(to: upload, at: 0, isLarge: true, of: repository, from: body([1]))
        let owner = try await fixture.principal("acme")
        let maker = try await fixture.principal("bob")
        let place = try await fixture.authorizer.openGrants(
            on: try await fixture.authorizer.open(owner, .memberAdmin, repository.id))
        _ = try await fixture.hub.store.grants.add(
            .user(try #require(maker.user).id), role: .standard(.writer), effect: .allow, expiresAt: nil, at: place)
        let other = try await fixture.authorizer.open(maker, .contentWrite, repository.id)
        let theirs = try #require(UnnamedUpload("0123456789abcdef", size: Int64(bytes.count), into: other))
        #expect(try uploads.state(of: theirs, in: other) == .arriving(0))
        for token in [
            "", "../../etc/passwd", "0123456789ABCDEF", "0123456789abcde/", String(repeating: "a", count: 65),
        ] {
            #expect(UnnamedUpload(token, size: 1, into: repository) == nil)
        }
        #expect(UnnamedUpload("0123456789abcdef", size: -1, into: repository) == nil)
    }
}

@Suite("What is said of a card before it is committed")
struct CardReviewTests {
    private func review(_ text: String) -> CardReview { CardReview(readme: Array(text.utf8), of: .model) }

    @Test("what cannot be read is told with its line in the file")
    func lines() {
        #expect(review("\n---\nlicense: mit\ntags: [a\n---\n").issues.first?.line ?? 0 >= 4)
        #expect(review("---\nlicense: mit\n").issues.map(\.line) == [1])
        #expect(review("# No front matter").issues.isEmpty)
        #expect(review("").missing == ["license", "pipeline_tag", "language"])
        #expect(review("---\nlicense: mit\nlanguage: zh\npipeline_tag: x\n---\n").missing.isEmpty)
    }

    @Test("a field is added at the top, once, and where there is no front matter one is begun")
    func adding() {
        func added(_ text: String) -> String? {
            CardReview.adding("license", "mit", to: Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(added("---\ntags:\n- a\n---\nText\n") == "---\nlicense: mit\ntags:\n- a\n---\nText\n")
        #expect(added("---\nlicense:\n---\nText\n") == "---\nlicense: mit\n---\nText\n")
        #expect(added("Text\n") == "---\nlicense: mit\n---\n\nText\n")
        #expect(added("---\nlicense: gpl\n---\n") == nil)
    }
}
