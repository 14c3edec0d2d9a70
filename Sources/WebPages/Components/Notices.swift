/// Something that the reader should know before he reads on.
package enum Alert {
    package static func view(_ tone: StateChip.Tone, title: String, _ text: HTML = HTML()) -> HTML {
        """
        <div class="alert \(tone.rawValue)"\(attribute: "role", tone == .bad ? "alert" : nil)>\
        <p class="alert-title">\(title)</p>\(text)</div>
        """
    }
}

/// A place where something will be, and how to bring it there.
package enum Empty {
    /// - Parameter command: the line that does the same on a terminal.
    package static func view(
        title: String, text: String, action: HTML? = nil, command: String? = nil, _ context: PageContext
    ) -> HTML {
        """
        <div class="empty">\(AppBar.mark)<p class="empty-title">\(title)</p><p>\(text)</p>\(action)\
        \(command.map { CopyText.snippet($0, language: "sh", context) })</div>
        """
    }
}
