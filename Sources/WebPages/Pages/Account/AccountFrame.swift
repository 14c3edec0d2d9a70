/// The frame of somebody's own pages: what there is stands at the side.
package enum AccountFrame {
    package enum Part: String, Sendable, CaseIterable {
        case profile, password, tokens, keys, sessions, preferences

        var address: String { self == .profile ? "/settings" : "/settings/\(rawValue)" }

        func title(_ t: L10n) -> String {
            switch self {
            case .profile: t.accountProfile
            case .password: t.accountPassword
            case .tokens: t.accountTokens
            case .keys: t.accountKeys
            case .sessions: t.accountSessions
            case .preferences: t.accountPreferences
            }
        }
    }

    /// - Parameters:
    ///   - notice: what was just done.
    ///   - problem: why it was not.
    static func page(
        _ part: Part, note: String, notice: String? = nil, problem: String? = nil, status: Int = 200,
        _ content: HTML, _ context: PageContext
    ) -> Page {
        let t = context.t
        let links = Part.allCases.map { SideFrame.Link($0.title(t), $0.address, isCurrent: $0 == part) }
        let body = SideFrame.view(
            t.accountSettings, links,
            """
            \(PageHead.view(part.title(t), note: HTML(text: note)))\(Outcome.view(notice, problem, t))\(content)
            """)
        return Page(title: part.title(t), section: .account, body: body, status: status)
    }
}

/// A page with a list of its siblings at the side, which stands above it where there is little room.
package enum SideFrame {
    package struct Link: Sendable {
        let label: String
        let address: String
        let isCurrent: Bool

        package init(_ label: String, _ address: String, isCurrent: Bool) {
            self.label = label
            self.address = address
            self.isCurrent = isCurrent
        }
    }

    package static func view(_ label: String, _ links: [Link], _ content: HTML) -> HTML {
        let items = links.map { link -> HTML in
            """
            <a href=\(url: link.address)\(attribute: "aria-current", link.isCurrent ? "page" : nil)>\(link.label)</a>
            """
        }
        return """
            <div class="side-frame"><nav class="side-links" aria-label="\(label)">\(each: items)</nav>\
            <div class="side-main stack">\(content)</div></div>
            """
    }
}

/// What came of the change somebody just asked for.
package enum Outcome {
    package static func view(_ notice: String?, _ problem: String?, _ t: L10n) -> HTML {
        if let problem { return Alert.view(.bad, title: t.accountRefused, "<p>\(problem)</p>") }
        return notice.map { notice -> HTML in
            "<div role=\"status\">\(Alert.view(.ok, title: notice))</div>"
        } ?? HTML()
    }
}

/// A button that says first what will come of it, and asks once more. It works without scripts.
package enum Confirmation {
    package static func view(
        _ label: String, warning: String, action: String, fields: [(name: String, value: String)],
        subject: String, extra: HTML? = nil, _ context: PageContext
    ) -> HTML {
        let hidden = fields.map { field -> HTML in
            "<input type=\"hidden\" name=\"\(field.name)\" value=\"\(field.value)\">"
        }
        return """
            <details class="confirm"><summary class="button danger">\(label)<span class="hidden"> \(subject)</span>\
            </summary>\(Form.post(action, context, class: "confirm-form", """
                \(each: hidden)<p>\(warning)</p>\(extra)\(Button.submit(label, style: .danger))
                """))</details>
            """
    }
}

/// A secret that is shown this once.
package enum TokenReveal {
    package struct Shown: Sendable {
        let name: String
        let text: String
        /// Of whom it is, as git asks for it.
        let user: String

        package init(name: String, text: String, user: String) {
            self.name = name
            self.text = text
            self.user = user
        }
    }

    /// - Parameter back: where to go when it was copied.
    package static func view(_ shown: Shown, back: String, _ context: PageContext) -> HTML {
        let t = context.t
        let site = context.siteURL
        let parts = site.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        let git = parts.count == 3 ? "\(parts[0])//\(shown.user)@\(parts[2])" : site
        let uses: [(title: String, command: String)] = [
            (
                t.accountTokenUseHF,
                "export HF_ENDPOINT=\(site)\nexport HF_TOKEN=\(shown.text)\nhf auth whoami"
            ),
            (t.accountTokenUseGit, "git clone \(git)/NAMESPACE/NAME"),
            (
                t.accountTokenUseCLI,
                "export CSGHUB_DOMAIN=\(site)\nexport CSGHUB_TOKEN=\(shown.text)\ncsghub-cli download NAMESPACE/NAME"
            ),
            (t.accountTokenUseCurl, "curl -H 'Authorization: Bearer \(shown.text)' \(site)/api/whoami-v2"),
        ]
        let commands = uses.map { use -> HTML in
            "<p class=\"reveal-use\">\(use.title)</p>\(CopyText.snippet(use.command, language: "sh", context))"
        }
        return """
            <section class="panel reveal" aria-labelledby="reveal-title"><h2 id="reveal-title" tabindex="-1">\
            \(t.accountTokenMade(shown.name))</h2><p class="reveal-once">\(Icon.view("eye"))\(t.accountTokenOnce)</p>\
            <div class="reveal-token"><label class="hidden" for="revealed">\(t.accountTokenText)</label>\
            <input class="mono" id="revealed" type="text" readonly value="\(shown.text)" autocomplete="off" \
            spellcheck="false">\(CopyText.button(shown.text, context))</div>\
            <h3>\(t.accountTokenUse)</h3>\
            \(each: commands)\
            <p class="actions">\(Button.link(t.accountTokenDone, to: back, style: .primary))</p></section>
            """
    }
}
