import Foundation
import SQL
import Testing

@testable import HubCore

@Suite("Remote catalogue")
struct RemoteCatalogueTests {
    private static func described(_ path: String, _ change: (inout RemoteDescription) -> Void = { _ in })
        -> RemoteObservation
    {
        var description = RemoteDescription(kind: .model, path: path)
        change(&description)
        return .described(description)
    }

    private static func commit(_ digit: Character) throws -> CommitID {
        try #require(CommitID(String(repeating: digit, count: 40)))
    }

    private static func change(_ path: String, _ version: Int64) -> RemoteChange {
        RemoteChange(kind: .model, path: path, version: version, modifiedAt: 1_000 * version)
    }

    private func search(_ fixture: HubFixture, _ who: Principal, _ change: (inout CatalogueQuery) -> Void) async throws
        -> [String]
    {
        var query = CatalogueQuery()
        change(&query)
        return try await fixture.hub.catalogue.search(query, for: who).entries.map(\.path)
    }

    @Test("what the feed names is there at once, is described once however often it was named, and a restart goes on")
    func feed() async throws {
        let fixture = try await HubFixture()
        let catalogue = fixture.hub.catalogue
        try await catalogue.recordFeed(
            [Self.change("Acme/One", 1), Self.change("acme/two", 2), Self.change("acme/one", 3)], mirror: "m",
            upstream: "u", cursor: 3)
        #expect(try await catalogue.source(mirror: "m", upstream: "u")?.feedVersion == 3)
        let named = try #require(
            try await catalogue.entry(mirror: "m", upstream: "u", kind: .model, path: "ACME/ONE"))
        #expect(named.describedAt == nil && named.state == .present && named.description.updatedAt == 3_000)
        #expect(try await catalogue.due(mirror: "m", upstream: "u", limit: 10).count == 2)
        fixture.pass(seconds: 1)
        try await catalogue.record([Self.described("Acme/One") { $0.title = "Eins" }], mirror: "m", upstream: "u")
        #expect(try await catalogue.due(mirror: "m", upstream: "u", limit: 10).map(\.path) == ["acme/two"])
        // An older page cannot turn the cursor back.
        try await catalogue.recordFeed([], mirror: "m", upstream: "u", cursor: 2)
        #expect(try await catalogue.source(mirror: "m", upstream: "u")?.feedVersion == 3)
        try await catalogue.recordFeed([Self.change("acme/one", 4)], mirror: "m", upstream: "u", cursor: 4)
        #expect(try await catalogue.due(mirror: "m", upstream: "u", limit: 10).count == 2)
    }

    @Test("what vanished or became private keeps what was known of it, with why and since when, and is not asked again")
    func states() async throws {
        let fixture = try await HubFixture()
        let catalogue = fixture.hub.catalogue
        let who = try await fixture.principal("ann")
        try await catalogue.recordFeed(
            [Self.change("a/gone", 1), Self.change("a/shut", 2), Self.change("a/there", 3)], mirror: "m", upstream: "u",
            cursor: 3)
        try await catalogue.record(
            ["a/gone", "a/shut", "a/there"].map { Self.described($0) { $0.summary = "words" } },
            mirror: "m", upstream: "u")
        fixture.pass(seconds: 5)
        let since = fixture.hub.clock.now()
        try await catalogue.record(
            [
                .gone(.model, path: "A/Gone", reason: "not there"), .restricted(.model, path: "a/shut", reason: "403"),
                .gone(.model, path: "a/never", reason: "not there"),
            ], mirror: "m", upstream: "u")
        fixture.pass(seconds: 5)
        // Said again, it is no news.
        try await catalogue.record([.gone(.model, path: "a/gone", reason: "other")], mirror: "m", upstream: "u")
        let gone = try #require(try await catalogue.entry(mirror: "m", upstream: "u", kind: .model, path: "a/gone"))
        #expect(gone.state == .gone && gone.stateReason == "not there" && gone.stateSince == since)
        #expect(gone.description.summary == "words")
        #expect(try await catalogue.entry(mirror: "m", upstream: "u", kind: .model, path: "a/never") == nil)
        #expect(try await catalogue.due(mirror: "m", upstream: "u", limit: 10).isEmpty)
        #expect(try await search(fixture, who) { _ in } == ["a/there"])
        #expect(try await search(fixture, who) { $0.states = [.restricted] } == ["a/shut"])
        #expect(try await search(fixture, who) { $0.states = [] }.count == 3)
        try await catalogue.record([Self.described("a/shut")], mirror: "m", upstream: "u")
        let open = try #require(try await catalogue.entry(mirror: "m", upstream: "u", kind: .model, path: "a/shut"))
        #expect(open.state == .present && open.stateReason == nil && open.stateSince > since)
        let source = try #require(try await catalogue.sources().first)
        #expect(source.present == 2 && source.gone == 1 && source.restricted == 0 && source.due == 0)
        #expect(source.described == 3 && source.entries == 3)
    }

    @Test("a failed question is put off and not forgotten, and after the last try only a new mention brings it back")
    func failures() async throws {
        let fixture = try await HubFixture()
        let catalogue = fixture.hub.catalogue
        try await catalogue.recordFeed([Self.change("a/b", 1)], mirror: "m", upstream: "u", cursor: 1)
        try await catalogue.record(
            [.failed(.model, path: "a/b", retryAt: fixture.hub.clock.now() + 60_000)], mirror: "m", upstream: "u")
        #expect(try await catalogue.due(mirror: "m", upstream: "u", limit: 10).isEmpty)
        fixture.pass(seconds: 61)
        #expect(try await catalogue.due(mirror: "m", upstream: "u", limit: 10).first?.attempts == 1)
        try await catalogue.record([.failed(.model, path: "a/b", retryAt: nil)], mirror: "m", upstream: "u")
        fixture.pass(seconds: 1_000_000)
        #expect(try await catalogue.due(mirror: "m", upstream: "u", limit: 10).isEmpty)
        try await catalogue.recordFeed([Self.change("a/b", 2)], mirror: "m", upstream: "u", cursor: 2)
        #expect(try await catalogue.due(mirror: "m", upstream: "u", limit: 10).first?.attempts == 0)
    }

    @Test("words are found in names, titles, tags and summaries, Chinese ones anywhere in a text, and names rank first")
    func words() async throws {
        let fixture = try await HubFixture()
        let catalogue = fixture.hub.catalogue
        let who = try await fixture.principal("ann")
        try await catalogue.record(
            [
                Self.described("Qwen/Qwen3-0.6B") {
                    $0.title = "通义千问"
                    $0.downloads = 5
                },
                Self.described("acme/helper") {
                    $0.summary = "一个中文大语言模型，基于 Qwen3"
                    $0.downloads = 900
                },
                Self.described("acme/speech") { $0.tags = ["automatic-speech-recognition", "语音"] },
                Self.described("acme/100%_sure"),
            ], mirror: "m", upstream: "u")
        func found(_ words: String...) async throws -> [String] { try await search(fixture, who) { $0.search = words } }
        #expect(try await found("qwen3") == ["Qwen/Qwen3-0.6B", "acme/helper"])
        #expect(try await found("wen3-0") == ["Qwen/Qwen3-0.6B"])
        #expect(try await found("千问") == ["Qwen/Qwen3-0.6B"])
        #expect(try await found("语言模型") == ["acme/helper"])
        #expect(try await found("模型") == ["acme/helper"])
        #expect(try await found("中文", "qwen") == ["acme/helper"])
        #expect(try await found("automatic", "语音") == ["acme/speech"])
        #expect(try await found("acme", "nothing") == [])
        #expect(try await found("100%") == ["acme/100%_sure"])
        #expect(try await found("\u{0}") == [])
        #expect(try await found("\" OR name : x").isEmpty)
    }

    @Test("filters narrow together, licences are alternatives, and every order can be read by pages")
    func filters() async throws {
        let fixture = try await HubFixture()
        let catalogue = fixture.hub.catalogue
        let who = try await fixture.principal("ann")
        let all = (0..<60).map { number in
            Self.described("owner\(number % 3)/repo-\(number)") {
                $0.task = number % 2 == 0 ? "text-generation" : "translation"
                $0.licenses = [["mit", "apache-2.0", "gpl-3.0"][number % 3]]
                $0.languages = ["zh", "en"]
                $0.downloads = Int64(number * 7 % 10)
                $0.updatedAt = Int64(1_000 + number * 13 % 17)
                $0.totalSize = number % 5 == 0 ? nil : Int64(number)
            }
        }
        try await catalogue.record(all, mirror: "m", upstream: "u")
        try await catalogue.record([Self.described("other/one")], mirror: "m", upstream: "v")
        #expect(try await search(fixture, who) { $0.facets = [(.task, "TRANSLATION")] }.count == 30)
        let narrow = try await search(fixture, who) {
            $0.facets = [(.task, "translation"), (.language, "zh")]
            $0.licenses = ["mit", "GPL-3.0"]
            $0.author = "Owner0"
        }
        #expect(!narrow.isEmpty && narrow.allSatisfy { $0.hasPrefix("owner0/") })
        #expect(try await search(fixture, who) { $0.sources = [("m", "v")] } == ["other/one"])
        #expect(try await search(fixture, who) { $0.sources = [("m", "none")] } == [])
        for order in CatalogueQuery.Order.allCases {
            for words in [[], ["repo"]] {
                for ascending in [true, false] {
                    var query = CatalogueQuery()
                    query.order = order
                    query.search = words
                    query.isAscending = ascending
                    query.limit = 7
                    query.sources = [("m", "u")]
                    var seen: [String] = []
                    var cursor: RepositoryCursor?
                    repeat {
                        let page = try await catalogue.search(query, for: who, after: cursor)
                        seen += page.entries.map(\.path)
                        cursor = page.next
                    } while cursor != nil
                    #expect(seen.count == 60 && Set(seen).count == 60, "\(order) \(words) \(ascending)")
                }
            }
        }
        var query = CatalogueQuery()
        query.facets = [(.task, "translation")]
        let counts = try await catalogue.counts(of: query, for: who)
        #expect(counts.total == 30)
        #expect(counts.facets[.license]?.map(\.count).reduce(0, +) == 30)
        #expect(counts.facets[.task]?.first?.content == "translation")
        #expect(counts.kinds == [.init(content: "model", count: 30)])
    }

    @Test("a mirrored repository says whether it is current, since when it is behind, and by how much")
    func behind() async throws {
        let fixture = try await HubFixture()
        let catalogue = fixture.hub.catalogue
        let who = try await fixture.principal("ann")
        let old = try Self.commit("a")
        let new = try Self.commit("b")
        let key = try await fixture.mirror("model:acme/demo")
        let store = fixture.hub.store
        try await catalogue.recordFeed([Self.change("Acme/Demo", 1)], mirror: "test", upstream: "hub", cursor: 1)
        try await catalogue.record([Self.described("Acme/Demo") { $0.commit = old }], mirror: "test", upstream: "hub")
        func copy() async throws -> LocalCopy? {
            try await catalogue.entry(mirror: "test", upstream: "hub", kind: .model, path: "acme/demo")?.local
        }
        #expect(try await copy()?.hasContent == false)
        fixture.pass(seconds: 1)
        try await fixture.hub.database.write {
            try $0.execute("UPDATE repositories SET head = ? WHERE id = ?", [.text(old.hex), .integer(key)])
        }
        try await store.noteAcquisition(of: old, in: key, hasHistory: false, links: [], provenance: nil)
        try await store.noteChecked(key, asked: fixture.hub.clock.now())
        #expect(try await copy()?.isBehind == false)
        #expect(try await search(fixture, who) { $0.isBehind = true } == [])
        fixture.pass(seconds: 10)
        let first = fixture.hub.clock.now()
        try await catalogue.recordFeed([Self.change("acme/demo", 2)], mirror: "test", upstream: "hub", cursor: 2)
        fixture.pass(seconds: 10)
        try await catalogue.recordFeed(
            [Self.change("acme/demo", 3), Self.change("acme/demo", 4)], mirror: "test", upstream: "hub", cursor: 4)
        try await catalogue.record([Self.described("Acme/Demo") { $0.commit = new }], mirror: "test", upstream: "hub")
        let behind = try #require(try await copy())
        #expect(behind.behindSince == first && behind.changesBehind == 3 && behind.newerCommit == new)
        #expect(try await search(fixture, who) { $0.isBehind = true } == ["Acme/Demo"])
        fixture.pass(seconds: 1)
        try await fixture.hub.database.write {
            try $0.execute("UPDATE repositories SET head = ? WHERE id = ?", [.text(new.hex), .integer(key)])
        }
        try await store.noteChecked(key, asked: fixture.hub.clock.now())
        // Its newest commit is known here and was not fetched.
        #expect(try await copy()?.newerCommit == new)
        try await store.noteAcquisition(of: new, in: key, hasHistory: false, links: [], provenance: nil)
        #expect(try await copy()?.isBehind == false)
    }

    @Test("what is here is told to those alone who may discover it here, and nothing to a stranger")
    func visibility() async throws {
        let fixture = try await HubFixture()
        let catalogue = fixture.hub.catalogue
        try await fixture.mirror("model:acme/hidden", .private)
        try await fixture.mirror("model:acme/shown", .internal)
        let all = ["acme/hidden", "acme/shown", "acme/afar"].map { Self.described($0) { $0.tags = ["x"] } }
        try await catalogue.record(all, mirror: "test", upstream: "hub")
        let who = try await fixture.principal("ann")
        let root = try await fixture.principal("root", scope: .admin, isAdministrator: true)
        #expect(Set(try await search(fixture, who) { _ in }) == ["acme/shown", "acme/afar"])
        #expect(try await search(fixture, root) { _ in }.count == 3)
        #expect(try await search(fixture, .anonymous) { _ in } == [])
        var query = CatalogueQuery()
        query.facets = [(.tag, "x")]
        #expect(try await catalogue.counts(of: query, for: who).total == 2)
        #expect(try await catalogue.counts(of: query, for: root).total == 3)
        let hidden = try await catalogue.entry(
            mirror: "test", upstream: "hub", kind: .model, path: "acme/hidden", for: who)
        #expect(hidden == nil)
    }

    @Test("what an upstream tells is kept within bounds, and names that can be none are left out")
    func bounds() async throws {
        let fixture = try await HubFixture()
        let catalogue = fixture.hub.catalogue
        try await catalogue.record(
            [
                Self.described("no-owner"), Self.described("a/b/c"),
                Self.described("a/\(String(repeating: "x", count: 300))"),
                Self.described("a/b") {
                    $0.tags = (0..<1_000).map { "tag \($0)" } + ["nul\0", String(repeating: "y", count: 300)]
                    $0.summary = String(repeating: "语", count: 10_000)
                    $0.downloads = -5
                },
            ], mirror: "m", upstream: "u")
        let entries = try await catalogue.entries(ofMirror: "m", limit: 10)
        #expect(entries.map(\.path) == ["a/b"])
        let told = try #require(entries.first?.description)
        #expect(told.tags.count == 200 && told.summary?.count == 2_000 && told.downloads == nil)
    }

    @Test("the full-text index is made anew from what is stored")
    func rebuild() async throws {
        let fixture = try await HubFixture()
        let who = try await fixture.principal("ann")
        try await fixture.hub.catalogue.record(
            [Self.described("a/b") { $0.summary = "面向医疗的模型" }], mirror: "m", upstream: "u")
        try await fixture.hub.database.write { try $0.execute("DROP TABLE catalogue_search") }
        try await RemoteCatalogue.prepareIndex(fixture.hub.database)
        #expect(try await search(fixture, who) { $0.search = ["医疗"] } == ["a/b"])
    }

    @Test("entries of a mirror are read in the order of their ids, page by page, by upstream and kind")
    func enumeration() async throws {
        let fixture = try await HubFixture()
        let catalogue = fixture.hub.catalogue
        try await catalogue.record((0..<25).map { Self.described("a/r\($0)") }, mirror: "m", upstream: "u")
        try await catalogue.record([Self.described("a/other")], mirror: "m", upstream: "v")
        var seen: [RemoteEntry] = []
        while true {
            let page = try await catalogue.entries(
                ofMirror: "m", upstream: "u", kind: .model, after: seen.last?.id, limit: 10)
            if page.isEmpty { break }
            seen += page
        }
        #expect(seen.count == 25 && Set(seen.map(\.path)).count == 25)
        #expect(try await catalogue.entries(ofMirror: "m", kind: .dataset, limit: 10).isEmpty)
        #expect(try await catalogue.entries(ofMirror: "m", limit: 100).count == 26)
    }

    @Test("what is removed or hidden here takes a place in the feed that only another Weir asks for")
    func removals() async throws {
        let fixture = try await HubFixture()
        let store = fixture.hub.store
        let who = try await fixture.principal("peer")
        let root = try await fixture.principal("root", scope: .admin, isAdministrator: true)
        for (name, visibility) in [
            ("a/seen", Repository.Visibility.public), ("a/hidden", .public), ("a/secret", .private),
        ] {
            let key = try await fixture.create("model:\(name)", visibility)
            try await fixture.hub.database.write {
                try RepositoryStore.appendToFeed(
                    try Self.commit("c"), of: key, changeLog: "x", now: 1, in: $0)
            }
        }
        func open(_ name: String) async throws -> Repository {
            try await fixture.authorizer.open(root, .settings, try HubFixture.id(name))
        }
        try await store.setVisibility(.private, of: try await open("model:a/hidden"))
        try await store.remove(try await open("model:a/seen"))
        try await store.remove(try await open("model:a/secret"))
        let removals = try await store.removals(after: 0, limit: 10, for: who)
        #expect(removals.map(\.path) == ["a/hidden", "a/seen"])
        #expect(removals.map(\.version) == [4, 5])
        #expect(try await store.removals(after: 4, limit: 10, for: who).map(\.path) == ["a/seen"])
        #expect(try await store.removals(after: 0, limit: 10, for: .anonymous).isEmpty)
        // The place of what nobody saw is taken too: nobody's cursor meets another change there.
        #expect(try await fixture.hub.database.read { try RepositoryStore.nextFeedVersion(in: $0) } == 7)
    }

    @Test(
        "large catalogues answer soon",
        .enabled(if: ProcessInfo.processInfo.environment["WEIR_CATALOGUE_ENTRIES"] != nil))
    func speed() async throws {
        let size = Int(ProcessInfo.processInfo.environment["WEIR_CATALOGUE_ENTRIES"] ?? "") ?? 20_000
        let fixture = try await HubFixture()
        let catalogue = fixture.hub.catalogue
        let who = try await fixture.principal("ann")
        let families = ["qwen", "glm", "llama", "mistral", "bert", "whisper", "sdxl", "phi", "yi", "chatlaw"]
        let clock = ContinuousClock()
        let recording = try await clock.measure {
            for start in stride(from: 0, to: size, by: 100) {
                try await catalogue.record(
                    (start..<min(start + 100, size)).map { number in
                        Self.described("owner\(number % 97)/\(families[number % 10])-\(number)") {
                            $0.title = number % 2 == 0 ? "中文大语言模型 \(number)" : "chat model \(number)"
                            $0.summary = number % 3 == 0 ? "面向医疗的模型" : "An open model for tests number \(number)"
                            $0.task = ["text-generation", "translation", "text-to-image"][number % 3]
                            $0.licenses = [["mit", "apache-2.0"][number % 2]]
                            $0.languages = [["zh", "en"][number % 2]]
                            $0.tags = [families[number % 10], "t\(number % 200)", "transformers"]
                            $0.downloads = Int64(number &* 2_654_435_761 % 100_000)
                            $0.updatedAt = Int64(number)
                        }
                    }, mirror: "m", upstream: "u")
            }
        }
        print("recorded \(size) in \(recording)")
        var questions: [(String, CatalogueQuery)] = []
        func ask(_ name: String, _ change: (inout CatalogueQuery) -> Void) {
            var query = CatalogueQuery()
            change(&query)
            questions.append((name, query))
        }
        ask("all") { _ in }
        for order in CatalogueQuery.Order.allCases { ask("sort \(order)") { $0.order = order } }
        ask("rare word") { $0.search = ["qwen-1230"] }
        ask("infix") { $0.search = ["wen-123"] }
        ask("common word") { $0.search = ["model"] }
        ask("family") { $0.search = ["llama"] }
        ask("Chinese") { $0.search = ["语言模型"] }
        ask("two words") { $0.search = ["医疗", "glm"] }
        ask("nothing") { $0.search = ["zzzz"] }
        ask("tag") { $0.facets = [(.tag, "t7")] }
        ask("task") { $0.facets = [(.task, "translation")] }
        ask("task, word") {
            $0.facets = [(.task, "translation")]; $0.search = ["yi"]
        }
        ask("licence, sort") {
            $0.licenses = ["mit"]; $0.order = .downloads
        }
        ask("author") { $0.author = "owner5" }
        ask("kind, upstream") {
            $0.kind = .model; $0.sources = [("m", "u")]
        }
        ask("common word, task") {
            $0.search = ["model"]; $0.facets = [(.task, "translation")]
        }
        ask("gone") { $0.states = [.gone] }
        for (name, query) in questions {
            var worst = Duration.zero
            for _ in 0..<3 {
                worst = max(worst, try await clock.measure { _ = try await catalogue.search(query, for: who) })
            }
            let counting = try await clock.measure { _ = try await catalogue.counts(of: query, for: who) }
            print("\(name): \(worst), counts \(counting)")
        }
    }
}
