import Testing

@testable import HubCore

@Suite("Coming in by SSH")
struct SSHTests {
    private static let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKCSWknNuOTbVqh38bDg1nDK8NN3mMgc5bOWv0FXD1HL"

    @Test("runs git's and git-lfs's requests")
    func granted() throws {
        let demo = try HubFixture.id("model:acme/demo")
        let data = try HubFixture.id("dataset:acme/demo")
        for (line, command) in [
            ("git-upload-pack 'acme/demo.git'", SSHCommand.uploadPack(demo)),
            ("git-upload-pack '/acme/demo'", .uploadPack(demo)),
            ("git-receive-pack '/datasets/acme/demo.git'", .receivePack(data)),
            ("git-lfs-authenticate acme/demo.git upload", .authenticateLFS(demo, isUpload: true)),
            ("git-lfs-authenticate '/models/acme/demo.git' download", .authenticateLFS(demo, isUpload: false)),
        ] { #expect(SSHCommand(parsing: line) == command, "\(line)") }
    }

    @Test(
        "S16, S35: runs nothing else",
        arguments: [
            "", "sh", "git-upload-pack", "git-upload-pack ", "git-upload-pack 'acme/demo.git'; id",
            "git-upload-pack 'acme/demo.git' extra", "git-upload-pack  'acme/demo.git'", " git-upload-pack acme/demo",
            "git-upload-pack --strict", "git-upload-pack '--upload-pack=id'", "git-upload-pack '../../etc/passwd'",
            "git-upload-pack 'acme/../demo'", "git-upload-pack 'acme/demo.git", "git-upload-pack \"acme/demo.git\"",
            "git-upload-pack 'acme/de'mo.git'", "git-upload-pack $(id)/x", "git-upload-pack `id`/x",
            "git-upload-pack acme/demo\n", "git-upload-pack acme/demo\u{0}", "git-upload-archive 'acme/demo.git'",
            "git-lfs-authenticate acme/demo.git", "git-lfs-authenticate acme/demo.git delete",
            "git-lfs-authenticate acme/demo.git upload x", "git-lfs-transfer acme/demo.git upload",
            "git-receive-pack 'acme'", "git-receive-pack 'a/b/c/d'", "git-receive-pack 'widgets/acme/demo'",
            "GIT-UPLOAD-PACK 'acme/demo.git'", "env X=1 git-upload-pack 'acme/demo.git'",
        ])
    func denied(line: String) {
        #expect(SSHCommand(parsing: line) == nil)
    }

    @Test("S16, S35: is granted to the known grammar alone, of a hundred thousand lines made from its pieces")
    func random() {
        let pieces = [
            "git-upload-pack", "git-receive-pack", "git-lfs-authenticate", " ", " ", "'", "acme/demo", ".git", "/",
            "upload",
            "download", ";", "$(", "-", "..", "\"", "\\", "&", "|", "\n", "é", "x",
        ]
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let plain =
            /(git-upload-pack|git-receive-pack) '?[A-Za-z0-9._\/-]+'?|git-lfs-authenticate '?[A-Za-z0-9._\/-]+'? '?(upload|download)'?/
        for _ in 0..<100_000 {
            let line = (0..<(1 + next(8))).map { _ in pieces[next(pieces.count)] }.joined()
            guard SSHCommand(parsing: line) != nil else { continue }
            #expect(line.wholeMatch(of: plain) != nil, "\(line)")
            #expect(!line.contains(".."))
        }
    }

    @Test("S35: takes public keys, and only those")
    func keys() throws {
        let key = try SSHPublicKey(parsing: Self.key + " ada@example.org\n")
        #expect(key.line == Self.key && key.comment == "ada@example.org" && key.fingerprint.utf8.count == 43)
        for text in [
            "", "ssh-ed25519", "ssh-dss AAAAB3NzaC1kc3MAAACBAA==", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQA=",
            "command=\"id\" " + Self.key, Self.key + "\n" + Self.key, "-----BEGIN OPENSSH PRIVATE KEY-----",
            Self.key.replacing("ssh-ed25519", with: "ssh-rsa"), "ssh-ed25519 !!!!",
            Self.key + " " + String(repeating: "c", count: 20_000),
        ] { #expect(throws: HubError.self, "\(text)") { try SSHPublicKey(parsing: text) } }
    }

    @Test("S35: is one person's by one key")
    func owners() async throws {
        let fixture = try await HubFixture()
        let key = try SSHPublicKey(parsing: Self.key)
        let ada = try #require(try await fixture.principal("ada").user)
        let bob = try #require(try await fixture.principal("bob").user)
        #expect(try await fixture.hub.sshKeys.owner(of: key) == nil)
        try await fixture.hub.sshKeys.add(key, to: ada, name: "laptop")
        #expect(try await fixture.hub.sshKeys.owner(of: key) == ada)
        #expect(await hubError { try await fixture.hub.sshKeys.add(key, to: bob, name: "x") }?.code == .conflict)
    }

    @Test(
        "S37: has no name that would command a terminal or turn what stands beside it",
        arguments: ["two\nlines", "bell\u{7}", "\u{1B}[31mred", "c1\u{9B}", "turned\u{202E}txt", "nul\u{0}"])
    func names(name: String) async throws {
        let fixture = try await HubFixture()
        let key = try SSHPublicKey(parsing: Self.key)
        let ada = try #require(try await fixture.principal("ada").user)
        #expect(await hubError { try await fixture.hub.sshKeys.add(key, to: ada, name: name) }?.code == .badRequest)
        try await fixture.create("model:ada/m")
        let repository = try await fixture.authorizer.open(
            try await fixture.principal("ada"), .memberAdmin, try HubFixture.id("model:ada/m"))
        let place = try await fixture.authorizer.openGrants(on: repository)
        let error = await hubError {
            _ = try await fixture.hub.store.deployKeys.add(
                key, name: name, canWrite: false, expiresAt: nil, to: repository, at: place)
        }
        #expect(error?.code == .badRequest)
        #expect(try await fixture.hub.sshKeys.owner(of: key) == nil)
    }
}
