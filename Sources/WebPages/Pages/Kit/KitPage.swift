/// Every component in every state, for those who make pages and for the tests that look at them.
package struct KitPage: Sendable {
    package init() {}

    /// A name as long as names may be, without a place to break it.
    static let longName =
        "an-organisation-with-a-very-long-name/" + String(repeating: "very-long-model-name-", count: 4)
    static let digest = "9f2c1ab04c7e6f5d8b3a2c1e0f9d8b7a6c5e4f3d2b1a0c9e8f7d6b5a4c3e2f1d"

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let parts: [HTML] = [
            Panel.view(t.kitButtons, id: "buttons", buttons(context)),
            Panel.view(t.kitChips, id: "chips", chips(context)),
            Panel.view(t.kitForms, id: "forms", forms(context)),
            Panel.view(t.kitText, id: "text", text(context)),
            Panel.view(t.kitTables, id: "tables", tables(context)),
            Panel.view(t.kitProgress, id: "progress", progress(context)),
            Panel.view(t.kitNotices, id: "notices", notices(context)),
            Panel.view(t.kitTraces, id: "traces", traces(context)),
            Panel.view(t.kitPlaces, id: "places", places(context)),
            Panel.view(t.kitErrors, id: "errors", errors(context)),
        ]
        let body: HTML = """
            \(PageHead.view(t.kit, note: HTML(text: t.kitNote), actions: Button.link(t.backHome, to: "/")))
            <div class="stack">\(each: parts)</div>
            """
        return Page(title: t.kit, body: body)
    }

    private func buttons(_ context: PageContext) -> HTML {
        let t = context.t
        let styles: [Button.Style] = [.plain, .primary, .danger, .quiet]
        let menu = Menu.view(
            t.kitMore, startsAtLeft: true,
            [
                Menu.link(t.edit, to: "/ui/kit#forms", icon: "pencil", isCurrent: true),
                Menu.link(t.delete, to: "/ui/kit#errors", icon: "trash-2"),
            ])
        let dialog = Dialog.view(id: "kit-dialog", title: t.kitName, "<p>\(t.kitLongText)</p>", context)
        return """
            <div class="cluster">\(each: styles.map { Button.submit(t.kitDo, style: $0, icon: "check") })
            <button class="button" type="button" disabled>\(t.kitDo)</button>
            <button class="button primary" type="button" disabled aria-busy="true">\(t.kitDo)</button></div>
            <div class="cluster">\(each: styles.map { Button.link(t.kitMore, to: "/ui/kit", style: $0) })\(menu)
            \(Dialog.opener(t.shortcuts, opens: "keys", icon: "keyboard"))\
            \(Dialog.opener(t.kitName, opens: "kit-dialog"))</div>\(dialog)
            """
    }

    private func chips(_ context: PageContext) -> HTML {
        let t = context.t
        let states: [MirrorState] = [
            .local, .mirrored, .behind(nil), .behind(3), .notMirrored, .syncing, .blocked, .quarantined, .verifying,
        ]
        let kinds = ["models", "datasets", "spaces", "codes", "prompts", "mcps", "skills"]
        let glyphs = kinds.map { kind -> HTML in
            "<span class=\"cluster\">\(KindGlyph.view(kind))<code>\(kind)</code></span>"
        }
        return """
            <div class="cluster">\(each: states.map { $0.chip(t).view })</div>
            <div class="cluster">\(LicenceChip.view("apache-2.0", context))\(LicenceChip.view("cc-by-nc-4.0", tone: .bad, detail: t.kitBlockedMessage, address: "/ui/kit", context))\(LicenceChip.view(nil, context))
            \(StateChip(.neutral, icon: "tag", text: Self.longName).view)</div>
            <div class="cluster">\(each: glyphs)</div>
            """
    }

    private func forms(_ context: PageContext) -> HTML {
        let t = context.t
        let fields: HTML = """
            \(Form.field(t.kitName, for: "kit-name", hint: t.kitNameHint, Form.input("name", id: "kit-name", value: "qwen3", required: true, describedBy: "kit-name-hint")))
            \(Form.field(t.kitName, for: "kit-wrong", problem: t.kitNameProblem, Form.input("wrong", id: "kit-wrong", value: "-qwen3", describedBy: "kit-wrong-problem", isWrong: true)))
            \(Form.field(t.kitVisibility, for: "kit-select", Form.select("visibility", id: "kit-select", options: [("public", t.kitPublic), ("private", t.kitPrivate)], selected: "private")))
            \(Form.field(t.kitDescription, for: "kit-text", Form.textarea("description", id: "kit-text", value: t.kitLongText, rows: 3)))
            \(Form.checkbox("agree", id: "kit-check", label: t.kitAgree, checked: true))
            <div class="actions">\(Button.submit(t.save, style: .primary))\(Button.link(t.cancel, to: "/ui/kit", style: .quiet))</div>
            """
        let forbidden: HTML = """
            <form class="form">\(Alert.view(.info, title: t.kitForbidden))<fieldset disabled class="form">\
            <legend>\(t.kitVisibility)</legend>\
            \(Form.field(t.kitName, for: "kit-disabled", Form.input("name", id: "kit-disabled", value: "qwen3")))\
            \(Button.submit(t.save, style: .primary))</fieldset></form>
            """
        return "<div class=\"split\">\(Form.post("/ui/kit", context, fields))\(forbidden)</div>"
    }

    private func text(_ context: PageContext) -> HTML {
        let t = context.t
        let ways = [
            SnippetTabs.Way("hf", code: "HF_ENDPOINT=\(context.siteURL) hf download acme/tiny", language: "sh"),
            SnippetTabs.Way(
                "git", code: "git clone \(context.siteURL)/acme/tiny.git", language: "sh", note: t.kitTokenNote),
            SnippetTabs.Way(
                "transformers",
                code: "from transformers import AutoModel\n\nmodel = AutoModel.from_pretrained(\"\(Self.longName)\")",
                language: "python"),
        ]
        return """
            <p>\(CopyText.digest(Self.digest, context)) · \(TimeText.view(context.now - 7_200_000, context))</p>
            \(CopyText.snippet("hf download acme/tiny --revision \(Self.digest)", language: "sh", context))
            \(SnippetTabs.view(id: "kit-ways", label: t.kitCommand, ways, context))
            """
    }
}
