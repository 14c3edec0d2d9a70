import Testing

@testable import HubCore

@Suite("Grants on paths and refs")
struct ContentRulesTests {
    @Test("patterns cover what the table says, and never case or a name's part")
    func patterns() throws {
        for (pattern, covered) in PartWorld.covered {
            let scope = try PathScope(parsing: pattern)
            for path in PartWorld.paths {
                #expect(scope.covers(ContentRules.names(path)) == covered.contains(path), "\(pattern) \(path)")
            }
        }
        for (pattern, named) in PartWorld.named {
            let scope = try RefScope(parsing: pattern)
            for ref in PartWorld.refs {
                #expect(scope.covers(try #require(RefName(ref))) == named.contains(ref), "\(pattern) \(ref)")
            }
        }
        // A folder that is hidden with all in it is hidden itself.
        #expect(try PathScope(parsing: "data/pii/**").covers(ContentRules.names("data/pii")))
        #expect(try !PathScope(parsing: "data/pii/**").covers(ContentRules.names("data")))
        #expect(try !PathScope(parsing: "data/pii").covers(ContentRules.names("data/piiano")))
    }

    @Test("what can match nothing, or is meant for something else, is no pattern")
    func refusedPatterns() {
        for text in [
            "", "/", "/data", "a//b", "../x", "a/./b", "!data", "a\nb", "[", String(repeating: "x", count: 501),
        ] {
            #expect(throws: HubError.self, "\(text)") { try PathScope(parsing: text) }
        }
        for text in ["", "a b", "refs/heads/["] {
            #expect(throws: HubError.self, "\(text)") { try RefScope(parsing: text) }
        }
        #expect(throws: HubError.self) { try ContentPart(paths: nil, refs: nil) }
    }

    @Test("a path of a thousand folders costs no more than its names times the pattern's")
    func cost() throws {
        let scope = try PathScope(parsing: String(repeating: "**/a*a*/", count: 40) + "z")
        let names = Array(repeating: Array(repeating: UInt8(ascii: "a"), count: 3), count: 1_000)
        var isCovered = true
        let time = ContinuousClock().measure { isCovered = scope.covers(names) }
        #expect(!isCovered && time < .seconds(5))
    }

    @Test("only roles about content alone have a meaning on a part")
    func meanings() throws {
        let path = try ContentPart(paths: "data/**", refs: nil)
        let ref = try ContentPart(paths: nil, refs: "main")
        let both = try ContentPart(paths: "data/**", refs: "main")
        func takes(_ part: ContentPart, _ role: GrantedRole, _ effect: AccessGrant.Effect) -> Bool {
            (try? part.requireMeaning(of: role, effect)) != nil
        }
        for part in [path, ref, both] {
            #expect(takes(part, .standard(.writer), .allow) && takes(part, .standard(.writer), .deny))
            #expect(!takes(part, .standard(.reader), .allow) && !takes(part, .standard(.admin), .allow))
            #expect(takes(part, .standard(.reader), .deny) == (part == path))
            #expect(takes(part, .standard(.maintainer), .allow) == (part == ref))
        }
        let settings = CustomRole(id: 1, name: "r", verbs: [.contentWrite, .settings], organisation: nil)
        #expect(!takes(path, .custom(settings), .allow) && !takes(path, .custom(settings), .deny))
    }

    @Test("the engine says what the reference says of every path and ref, in six hundred random worlds")
    func reference() {
        var random = SeededGenerator(seed: 20)
        var seen: [String: Int] = [:]
        for number in 0..<600 {
            let world = PartWorld(&random)
            let principal = world.parted.principal(&random)
            for repository in world.parted.repositories {
                for path in PartWorld.paths {
                    let read = world.mayRead(principal, path, repository)
                    #expect(world.parted.mayRead(principal, path, repository) == read, "\(number) \(path)")
                    let isWhole = world.plain.mayRead(principal, path, repository)
                    seen["read \(isWhole) \(read)", default: 0] += 1
                    for ref in PartWorld.refs {
                        let write = world.mayWrite(principal, path, ref, repository)
                        #expect(
                            world.parted.mayWrite(principal, path, ref, repository) == write,
                            "\(number) \(principal) \(path) \(ref) \(repository) \(world.parted.grants)")
                        let couldWrite = world.plain.mayWrite(principal, path, ref, repository)
                        seen["write \(couldWrite) \(write)", default: 0] += 1
                        // What is given for a part is given to those who read the whole.
                        if write, !couldWrite {
                            #expect(world.plain.decide(principal, .contentRead, repository).isAllowed)
                        }
                    }
                }
            }
        }
        #expect(seen["read false true"] == nil, "a part widened reading")
        for kind in ["read true false", "write true false", "write false true", "read true true", "write true true"] {
            #expect(seen[kind, default: 0] > 30, "\(kind): \(seen)")
        }
    }

    @Test("grants on parts change nothing but writing, no denial gives, and no narrower token gets more")
    func invariants() {
        var random = SeededGenerator(seed: 21)
        for _ in 0..<150 {
            var world = PartWorld(&random)
            let principal = world.parted.principal(&random)
            let before = world.parted
            let denial = (0..<20).lazy.compactMap { _ in world.grant(999, &random) }.first { $0.effect == .deny }
            let weaker = principal.token.map { token in
                Principal(
                    user: principal.user,
                    token: TokenGrant(id: 9, name: "t", scope: .read, createdAt: 0, resources: token.resources),
                    address: principal.address)
            }
            for repository in before.repositories {
                for verb in Verb.allCases where verb != .contentWrite {
                    #expect(
                        before.decide(principal, verb, repository) == world.plain.decide(principal, verb, repository))
                }
                for path in PartWorld.paths {
                    for ref in PartWorld.refs {
                        let may = before.mayWrite(principal, path, ref, repository)
                        if let denial {
                            var after = before
                            after.grants.append(denial)
                            #expect(may || !after.mayWrite(principal, path, ref, repository))
                        }
                        if let weaker { #expect(!before.mayWrite(weaker, path, ref, repository)) }
                    }
                    if let denial {
                        var after = before
                        after.grants.append(denial)
                        #expect(
                            before.mayRead(principal, path, repository) || !after.mayRead(principal, path, repository))
                    }
                }
            }
        }
    }
}
