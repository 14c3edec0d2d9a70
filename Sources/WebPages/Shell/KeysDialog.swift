/// What the keyboard does, shown by `?`. Scripts open it; without them there are no shortcuts either.
enum KeysDialog {
    static func view(_ context: PageContext) -> HTML {
        let t = context.t
        let keys: [(keys: [String], text: String)] = [
            (["/"], t.keySearch), (["g", "m d s c j"], t.keyGo), (["j", "k", "↵"], t.keyRows),
            (["[", "]"], t.keyPages),
            (["t"], t.keyFind), (["e"], t.keyEdit), (["y"], t.keyPermalink), (["."], t.keyTheme), (["?"], t.keyHelp),
            (["Esc"], t.keyClose),
        ]
        let rows = keys.map { entry -> HTML in
            let names = entry.keys.map { key -> HTML in "<kbd>\(key)</kbd> " }
            return "<dt>\(each: names)</dt><dd>\(entry.text)</dd>"
        }
        let switchBox = Form.checkbox("shortcuts", id: "keys-on", label: t.shortcutsOn, checked: true)
        return Dialog.view(id: "keys", title: t.shortcuts, "<dl class=\"keys\">\(each: rows)</dl>\(switchBox)", context)
    }
}
