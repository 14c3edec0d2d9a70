/// Signing in, and what is somebody's own.
extension L10n {
    package var userName: String { pick(en: "User name", zh: "用户名") }
    package var password: String { pick(en: "Password", zh: "密码") }
    package var signInWrong: String { pick(en: "The name or the password is wrong.", zh: "用户名或密码错误。") }
    package var signInTooOften: String {
        pick(en: "Too many attempts. Wait a little and try again.", zh: "尝试次数过多，请稍后再试。")
    }
    package var signInAgain: String {
        pick(
            en: "Sign in to go on. You come back to where you were.", zh: "请登录后继续，登录后将返回刚才的页面。")
    }
    package var signInTooOld: String {
        pick(en: "This page was too old. Sign in once more.", zh: "页面已过期，请重新登录。")
    }
    package var signInHint: String {
        pick(
            en:
                "For people in a browser. Programs such as hf and git use access tokens, which you make in your settings.",
            zh: "仅供在浏览器中使用。hf、git 等程序请使用访问令牌，可在设置中创建。")
    }
    package var signInForgotten: String {
        pick(
            en: "Forgot it? An administrator can give you a new one.", zh: "忘记密码？请联系管理员重置。")
    }

    // MARK: What every form of this area says

    package var accountRefused: String { pick(en: "That was not done", zh: "操作未完成") }
    package var accountFieldEmpty: String { pick(en: "This is needed.", zh: "此项必填。") }
    package var accountNever: String { pick(en: "Never", zh: "从不") }
    package var accountNeverUsed: String { pick(en: "Not yet", zh: "尚未使用") }
    package var accountActions: String { pick(en: "Actions", zh: "操作") }
    package var accountCreated: String { pick(en: "Created", zh: "创建时间") }
    package var accountExpires: String { pick(en: "Expires", zh: "到期时间") }
    package var accountLastUsed: String { pick(en: "Last used", zh: "最近使用") }
    package var accountName: String { pick(en: "Name", zh: "名称") }
    package var accountRemove: String { pick(en: "Remove", zh: "移除") }
    package var accountOptional: String { pick(en: "May stay empty.", zh: "可留空。") }

    /// What was done, by the word that an address carries after a change; nil for a word nobody here wrote.
    package func accountDone(_ word: String) -> String? {
        switch word {
        case "saved": pick(en: "Saved.", zh: "已保存。")
        case "created": pick(en: "Created.", zh: "已创建。")
        case "added": pick(en: "Added.", zh: "已添加。")
        case "removed": pick(en: "Removed.", zh: "已移除。")
        case "revoked": pick(en: "Revoked. It counts for nothing from now on.", zh: "已撤销，立即失效。")
        case "ended": pick(en: "Ended.", zh: "已结束。")
        case "password":
            pick(
                en: "The password is changed. Every other session and every token has ended.",
                zh: "密码已修改，其他会话与全部令牌均已失效。")
        case "reset":
            pick(
                en: "The new password counts. Every session and token of the account has ended.",
                zh: "新密码已生效，该账号的全部会话与令牌均已失效。")
        case "disabled":
            pick(
                en: "The account is shut out. Its sessions and tokens have ended.", zh: "账号已停用，其会话与令牌均已失效。")
        case "enabled": pick(en: "The account may sign in again.", zh: "账号已恢复，可重新登录。")
        case "promoted": pick(en: "The account administers this hub now.", zh: "该账号现在是管理员。")
        case "demoted": pick(en: "The account administers this hub no longer.", zh: "该账号已不再是管理员。")
        case "started": pick(en: "Started. It runs in the background.", zh: "已开始，正在后台运行。")
        case "buried": pick(en: "Buried. It is served nowhere any more.", zh: "已下架，任何接口都不再提供。")
        case "lifted": pick(en: "Lifted. It is served again.", zh: "已解除，恢复提供。")
        case "left": pick(en: "You have left the organisation.", zh: "您已离开该组织。")
        default: nil
        }
    }

    // MARK: Profile

    package var accountSettings: String { pick(en: "Account settings", zh: "账号设置") }
    package var accountProfile: String { pick(en: "Profile", zh: "个人资料") }
    package var accountProfileNote: String {
        pick(en: "What others see of you beside your name.", zh: "其他人除用户名外能看到的信息。")
    }
    package var accountFullName: String { pick(en: "Full name", zh: "姓名") }
    package var accountEmail: String { pick(en: "E-mail", zh: "电子邮箱") }
    package var accountHomepage: String { pick(en: "Web page", zh: "个人网页") }
    package var accountHomepageWrong: String {
        pick(en: "An address begins with http:// or https://.", zh: "地址须以 http:// 或 https:// 开头。")
    }
    package var accountBio: String { pick(en: "About you", zh: "简介") }
    package var accountTooLong: String {
        pick(en: "This is too long, or holds characters that cannot be shown.", zh: "内容过长，或含有无法显示的字符。")
    }
    package var accountSince: String { pick(en: "Member since", zh: "注册时间") }
    package var accountKindOf: String { pick(en: "Account", zh: "账号类型") }
    package var accountAdministrator: String { pick(en: "Administrator", zh: "管理员") }
    package var accountPerson: String { pick(en: "User", zh: "普通用户") }
    package var accountMemberships: String { pick(en: "Organisations", zh: "所属组织") }
    package var accountNoMemberships: String {
        pick(en: "You are in no organisation.", zh: "您未加入任何组织。")
    }

    // MARK: Password

    package var accountPassword: String { pick(en: "Password", zh: "修改密码") }
    package var accountPasswordNote: String {
        pick(
            en: "Changing it ends every other session and every access token. SSH keys stay.",
            zh: "修改密码会使其他会话与全部访问令牌失效，SSH 密钥不受影响。")
    }
    package var accountPasswordNow: String { pick(en: "Current password", zh: "当前密码") }
    package var accountPasswordNew: String { pick(en: "New password", zh: "新密码") }
    package var accountPasswordAgain: String { pick(en: "New password once more", zh: "再次输入新密码") }
    package var accountPasswordRules: String {
        pick(
            en: "At least 10 characters. A few words that nobody would guess are better than signs that you forget.",
            zh: "至少 10 个字符。几个不易被猜到的词，胜过难记的符号。")
    }
    package var accountPasswordChange: String { pick(en: "Change the password", zh: "修改密码") }
    package var accountPasswordDiffers: String { pick(en: "This is not the same.", zh: "两次输入不一致。") }
    package var accountPasswordWrong: String { pick(en: "This is not your password.", zh: "当前密码不正确。") }
    package var accountPasswordWeak: String {
        pick(
            en: "Choose another: too short, too common, or too much like the name.",
            zh: "请更换：密码过短、过于常见，或与用户名过于相似。")
    }

    // MARK: Tokens

    package var accountTokens: String { pick(en: "Access tokens", zh: "访问令牌") }
    package var accountTokensNote: String {
        pick(
            en: "For programs: hf, git, csghub-cli and your own. Give each one its own, with no more than it needs.",
            zh: "供 hf、git、csghub-cli 及自有程序使用。请为每个程序单独创建，并只授予所需权限。")
    }
    package var accountTokenNew: String { pick(en: "New token", zh: "新建令牌") }
    package var accountTokenName: String { pick(en: "What it is for", zh: "用途") }
    package var accountTokenNameHint: String {
        pick(en: "Such as: laptop, training job 7.", zh: "例如：笔记本电脑、训练任务 7。")
    }
    package var accountTokenNameWrong: String {
        pick(en: "1 to 96 bytes, without control characters.", zh: "长度为 1 至 96 字节，不含控制字符。")
    }
    package var accountScope: String { pick(en: "What it may do", zh: "权限范围") }
    package func accountScopeName(_ scope: String) -> String {
        switch scope {
        case "read": pick(en: "Read", zh: "只读")
        case "upload": pick(en: "Upload", zh: "上传")
        case "write": pick(en: "Write", zh: "读写")
        default: pick(en: "Administer", zh: "管理")
        }
    }
    package func accountScopeNote(_ scope: String) -> String {
        switch scope {
        case "read": pick(en: "Sees and downloads what you may.", zh: "查看并下载您有权访问的内容。")
        case "upload":
            pick(
                en: "Reads, and puts content into repositories that exist.", zh: "可读取，并向已有仓库写入内容。")
        case "write":
            pick(
                en: "Everything you may do, without administering the hub.", zh: "除管理站点外您能做的一切。")
        default: pick(en: "All that, and administers the hub.", zh: "包括管理站点在内的全部权限。")
        }
    }
    package var accountExpiry: String { pick(en: "Until when it counts", zh: "有效期") }
    package func accountDays(_ days: Int) -> String { pick(en: "\(days) days", zh: "\(days) 天") }
    package var accountForever: String { pick(en: "Until it is revoked", zh: "直到撤销") }
    package var accountReach: String { pick(en: "What it reaches", zh: "作用范围") }
    package var accountReachAll: String { pick(en: "Everything you may reach", zh: "您能访问的全部内容") }
    package var accountReachSome: String {
        pick(en: "Only these repositories and organisations", zh: "仅以下仓库与组织")
    }
    package var accountReachHint: String {
        pick(
            en:
                "One a line: acme for all of an organisation, model:acme/demo for one repository. Empty for everything.",
            zh: "每行一个：acme 表示整个组织，model:acme/demo 表示单个仓库。留空表示全部。")
    }
    package func accountReachWrong(_ text: String) -> String {
        pick(en: "'\(text)' names no organisation or repository.", zh: "“\(text)”不是组织或仓库。")
    }
    package var accountReachTooMany: String { pick(en: "At most 64.", zh: "最多 64 个。") }
    package var accountTokenCreate: String { pick(en: "Create the token", zh: "创建令牌") }
    package var accountTokensNone: String { pick(en: "No tokens yet", zh: "尚无令牌") }
    package var accountTokensNoneText: String {
        pick(en: "Make one to use this hub from hf, git or your own program.", zh: "创建令牌后即可通过 hf、git 或自有程序使用本站。")
    }
    package var accountTokenLastFour: String { pick(en: "Ends in", zh: "末四位") }
    package var accountRevoke: String { pick(en: "Revoke", zh: "撤销") }
    package func accountRevokeWarning(_ name: String) -> String {
        pick(
            en: "Whatever uses '\(name)' is refused at once. This cannot be undone.",
            zh: "使用“\(name)”的程序将立即被拒绝，且无法恢复。")
    }
    package func accountTokenMade(_ name: String) -> String {
        pick(en: "The token '\(name)' is made", zh: "令牌“\(name)”已创建")
    }
    package var accountTokenOnce: String {
        pick(
            en: "Copy it now: it is shown this once, and only its hash is kept.",
            zh: "请立即复制：令牌只显示一次，本站仅保存其哈希值。")
    }
    package var accountTokenText: String { pick(en: "Your token", zh: "您的令牌") }
    package var accountTokenUse: String { pick(en: "How to use it", zh: "使用方法") }
    package var accountTokenUseHF: String {
        pick(en: "hf and everything that uses huggingface_hub", zh: "hf 及所有使用 huggingface_hub 的程序")
    }
    package var accountTokenUseGit: String {
        pick(en: "git over HTTP: the token is the password", zh: "git（HTTP）：令牌即密码")
    }
    package var accountTokenUseCLI: String { pick(en: "csghub-cli", zh: "csghub-cli 命令行") }
    package var accountTokenUseCurl: String { pick(en: "Any program", zh: "其他程序") }
    package var accountTokenDone: String { pick(en: "I have copied it", zh: "我已复制") }

    // MARK: Keys

    package var accountKeys: String { pick(en: "SSH keys", zh: "SSH 密钥") }
    package var accountKeysNote: String {
        pick(
            en: "By which git comes in over SSH. A key does what you may do, until you remove it.",
            zh: "用于通过 SSH 使用 git。密钥拥有您的全部权限，直到被移除。")
    }
    package var accountKeyAdd: String { pick(en: "Add a key", zh: "添加密钥") }
    package var accountKeyText: String { pick(en: "Public key", zh: "公钥") }
    package var accountKeyTextHint: String {
        pick(
            en: "One line, as it stands in ~/.ssh/id_ed25519.pub. Never the private key.",
            zh: "单行内容，即 ~/.ssh/id_ed25519.pub 中的内容。切勿粘贴私钥。")
    }
    package var accountKeyWrong: String {
        pick(en: "This is no public key that can be used here.", zh: "这不是可用的公钥。")
    }
    package var accountKeyTaken: String { pick(en: "This key is in use already.", zh: "该密钥已被使用。") }
    package var accountKeyName: String { pick(en: "Name", zh: "名称") }
    package var accountKeyNameHint: String {
        pick(en: "The comment of the key where this stays empty.", zh: "留空则使用密钥中的注释。")
    }
    package var accountKeyNameWrong: String {
        pick(en: "A name without control characters, please.", zh: "名称不能含有控制字符。")
    }
    package var accountFingerprint: String { pick(en: "Fingerprint", zh: "指纹") }
    package var accountAdded: String { pick(en: "Added", zh: "添加时间") }
    package var accountKeysNone: String { pick(en: "No SSH keys yet", zh: "尚无 SSH 密钥") }
    package var accountKeysNoneText: String {
        pick(en: "Make one on your machine, and paste its public half here.", zh: "先在本机生成密钥，再将公钥粘贴到此处。")
    }
    package func accountKeyWarning(_ name: String) -> String {
        pick(
            en: "Whoever has '\(name)' is let in no longer.", zh: "持有“\(name)”的设备将无法再访问。")
    }

    // MARK: Sessions

    package var accountSessions: String { pick(en: "Sessions", zh: "登录会话") }
    package var accountSessionsNote: String {
        pick(
            en: "Where you are signed in. A session ends after 12 hours without use, and after 30 days in any case.",
            zh: "您当前登录的位置。会话 12 小时未使用即结束，最长 30 天。")
    }
    package var accountSessionThis: String { pick(en: "This one", zh: "当前会话") }
    package var accountBrowser: String { pick(en: "Browser", zh: "浏览器") }
    package var accountAddress: String { pick(en: "Address", zh: "IP 地址") }
    package var accountSignedIn: String { pick(en: "Signed in", zh: "登录时间") }
    package var accountLastSeen: String { pick(en: "Last seen", zh: "最近活动") }
    package var accountUnknown: String { pick(en: "Unknown", zh: "未知") }
    package var accountSessionEnd: String { pick(en: "End", zh: "结束") }
    package var accountSessionEndAll: String { pick(en: "End all sessions", zh: "结束全部会话") }
    package var accountSessionEndAllWarning: String {
        pick(
            en: "You are signed out everywhere, here too. Tokens and SSH keys go on.",
            zh: "您将在所有位置退出登录，包括此处。令牌与 SSH 密钥不受影响。")
    }
    package var accountSessionsNone: String { pick(en: "No sessions", zh: "没有会话") }
    package var accountSessionsNoneText: String {
        pick(en: "Nobody is signed in as you in a browser.", zh: "当前没有浏览器以您的身份登录。")
    }

    // MARK: Preferences

    package var accountPreferences: String { pick(en: "Preferences", zh: "偏好设置") }
    package var accountPreferencesNote: String {
        pick(en: "Kept in this browser.", zh: "保存在此浏览器中。")
    }
    package var accountKeyboard: String { pick(en: "Keyboard shortcuts", zh: "键盘快捷键") }
    package var accountKeyboardOpen: String { pick(en: "Show and switch", zh: "查看与开关") }
    package var accountKeyboardHint: String {
        pick(
            en: "Single keys do something while you are not typing. Press ? to see them, and to turn them off.",
            zh: "未输入文字时，单键即可触发操作。按 ? 可查看或关闭快捷键。")
    }
}
