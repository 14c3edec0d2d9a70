import Testing

@testable import WebPages

@Suite("Pages of accounts, organisations and compliance")
struct AccountPagesTests {
    private static let hostile = "<img src=x onerror=alert(1)>\"'&"
    private let contexts = Language.allCases.map { PageContext(t: L10n($0), siteURL: "https://hub.example", now: 0) }

    @Test("a token is shown with its commands, and its name as text")
    func reveal() throws {
        for context in contexts {
            let page = AccountTokensPage(
                tokens: [], scopes: ["read"],
                shown: .init(name: Self.hostile, text: "weir_secret", user: "ada")
            ).page(context)
            let html = page.body.string
            #expect(page.status == 201)
            #expect(html.contains("HF_TOKEN=weir_secret") && html.contains("https://ada@hub.example/NAMESPACE/NAME"))
            #expect(!html.contains("<img"))
        }
    }

    @Test("what was wrong with a form stands beside its field, and what was written stays")
    func problems() {
        var draft = TokenDraft()
        draft.name = Self.hostile
        draft.resources = "acme\nnot a name"
        for context in contexts {
            let page = AccountTokensPage(
                tokens: [], scopes: ["read", "write"], draft: draft, problems: ["resources": "wrong"]
            ).page(context)
            let html = page.body.string
            #expect(page.status == 400)
            #expect(html.contains("id=\"resources-problem\">wrong") && html.contains("acme\nnot a name"))
            #expect(!html.contains("<img"))
        }
    }

    @Test("signing in goes on to places of this hub only")
    func next() {
        for address in ["https://evil.example", "//evil.example", "/\\evil.example"] {
            #expect(!SignInPage(next: address).page(contexts[0]).body.string.contains("evil"))
        }
        #expect(SignInPage(next: "/settings?a=1").page(contexts[0]).body.string.contains("/settings?a=1"))
    }

    @Test("a browser is told in two words, and one nobody knows by its own")
    func browsers() {
        let agent =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
        #expect(Browser(agent).name == "Chrome · Linux")
        #expect(Browser("something else").name == "something else")
        #expect(Browser(nil).name == nil)
    }

    @Test("hostile names are text everywhere")
    func names() {
        for context in contexts {
            let frame = OrganisationFrame(name: "acme", fullName: Self.hostile, canManage: true)
            let pages = [
                OrganisationMembersPage(
                    frame: frame, members: [.init(name: Self.hostile, role: "admin", since: 0)], total: 1, next: nil,
                    isFirst: true
                ).page(context),
                OrganisationTeamsPage(
                    frame: frame, teams: [.init(name: Self.hostile, createdAt: 0, members: [Self.hostile])]
                ).page(context),
                OrganisationGrantsPage(
                    frame: frame,
                    grants: [
                        .init(
                            id: "1", subject: .user(Self.hostile), role: Self.hostile, isDenial: true,
                            paths: Self.hostile, refs: nil, sources: [], expiresAt: nil)
                    ], roles: [Self.hostile]
                ).page(context),
                AuditPage(
                    filter: AuditPage.Filter(),
                    records: [
                        .init(
                            sequence: 1, at: 0, actor: Self.hostile, action: "a", object: Self.hostile,
                            detail: Self.hostile, hash: "00")
                    ], next: nil, isFirst: true, chain: nil, canCheck: true
                ).page(context),
            ]
            for page in pages {
                #expect(!page.body.string.contains("<img"), "\(page.title)")
            }
        }
    }
}
