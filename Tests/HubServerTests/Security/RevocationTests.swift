import HTTPTypes
import HubCore
import Testing

@testable import HubServer

@Suite("Rights that end, and links that knew them")
struct RevocationTests {
    private let world: SurfaceWorld
    private let blob: BlobID
    private let bob: String

    init() async throws {
        world = try await SurfaceWorld()
        bob = try await world.token("bob")
        let ada = try await world.hub.identities.createUser("ada", isAdministrator: false)
        let acme = try await world.hub.store.organisations.createAsOperator("acme", owner: ada)
        try await world.hub.store.organisations.setRole(.writer, of: "bob", in: acme)
        try await world.create("model:acme/secret", .private)
        blob = try await world.put("the weights", into: "model:acme/secret")
    }

    private func batch(_ operation: String, _ blob: BlobID, in name: String = "acme/secret", as token: String)
        async throws
        -> SurfaceWorld.Answer
    {
        try await world.ask(
            .post, "/\(name).git/info/lfs/objects/batch", token: token,
            headers: [.contentType: "application/vnd.git-lfs+json"],
            body: #"{"operation":"\#(operation)","objects":[{"oid":"\#(blob.hex)","size":11}]}"#)
    }

    private func link(_ answer: SurfaceWorld.Answer, _ action: String) throws -> String {
        let href = answer.json["objects"]?.elements.first?["actions"]?[action]?["href"]?.string
        return String(try #require(href, "\(answer.text)").dropFirst("http://hub.test".count))
    }

    @Test("S5: a link ends with the membership it was made under, and with the account")
    func membership() async throws {
        let download = try link(try await batch("download", blob, as: bob), "download")
        let upload = try link(try await batch("upload", BlobID(hashing: Array("hello world".utf8)), as: bob), "upload")
        #expect(try await world.ask(.get, download).status == 200)
        let acme = try await world.authorizer.openOrganisationAsOperator(.memberAdmin, "acme")
        try await world.hub.store.organisations.setRole(.reader, of: "bob", in: acme)
        #expect(try await world.ask(.get, download).status == 200)
        // A reader may still propose: what he sends is staged as his, and is not the repository's.
        #expect(try await world.ask(.put, upload, body: "hello world").status == 200)
        let proposed = try await batch("download", BlobID(hashing: Array("hello world".utf8)), as: bob)
        #expect(proposed.json["objects"]?.elements.first?["error"]?["code"]?.integer == 404, "\(proposed.text)")
        try await world.hub.store.organisations.remove("bob", from: acme)
        #expect(try await world.ask(.get, download).status == 403)
        try await world.hub.store.organisations.setRole(.writer, of: "bob", in: acme)
        #expect(try await world.ask(.get, download).status == 200)
        try await world.hub.identities.setDisabled(true, user: "bob")
        #expect(try await world.ask(.get, download).status == 403)
        #expect(try await world.ask(.put, upload, body: "hello world").status == 403)
    }

    @Test("S5: a link made for nobody ends when the repository becomes private")
    func visibility() async throws {
        try await world.create("model:acme/open")
        let blob = try await world.put("the weights", into: "model:acme/open")
        let answer = try await batch("download", blob, in: "acme/open", as: try await world.token("eve"))
        let hers = try link(answer, "download")
        #expect(try await world.ask(.get, hers).status == 200)
        try await world.repositories.setVisibility(
            .private, of: try await world.authorizer.openAsOperator(.settings, world.id("model:acme/open")))
        #expect(try await world.ask(.get, hers).status == 403)
    }

    @Test("S25: an upload is asked for alike, whether nobody has the object or another repository has it")
    func sideChannel() async throws {
        try await world.create("model:eve/mine")
        let eve = try await world.token("eve")
        let nowhere = BlobID(hashing: Array("not stored".utf8))
        func plain(_ operation: String, _ oid: BlobID) async throws -> String {
            let answer = try await batch(operation, oid, in: "eve/mine", as: eve)
            #expect(answer.status == 200)
            return answer.text.replacing(oid.hex, with: "OID").replacing(/signature=[0-9a-f]+/, with: "signature=S")
                .replacing(/expires=[0-9]+/, with: "expires=E")
        }
        #expect(try await plain("upload", blob).contains("upload"))
        for operation in ["upload", "download"] {
            #expect(try await plain(operation, blob) == plain(operation, nowhere))
        }
        for (path, body) in [("verify", #"{"oid":"\#(blob.hex)","size":11}"#)] {
            let known = try await world.ask(
                .post, "/eve/mine.git/info/lfs/objects/\(blob.hex)/\(path)", token: eve, body: body)
            let unknown = try await world.ask(
                .post, "/eve/mine.git/info/lfs/objects/\(nowhere.hex)/\(path)", token: eve,
                body: body.replacing(blob.hex, with: nowhere.hex))
            #expect(known.status == unknown.status && known.status >= 400)
        }
    }
}
