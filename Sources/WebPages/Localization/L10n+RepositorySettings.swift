/// Settings of a repository.
extension L10n {
    package var settingsSections: String { pick(en: "Parts of the settings", zh: "设置分区") }
    package func settingsSection(_ section: RepositorySettingsPage.Section) -> String {
        switch section {
        case .general: pick(en: "General", zh: "基本设置")
        case .branches: pick(en: "Branches", zh: "分支")
        case .gate: pick(en: "Gated access", zh: "申请访问")
        case .grants: pick(en: "Who may what", zh: "权限")
        case .keys: pick(en: "Deploy keys", zh: "部署密钥")
        case .webhooks: pick(en: "Webhooks", zh: "Webhook")
        case .danger: pick(en: "Rename and delete", zh: "重命名与删除")
        }
    }
    package var settingsNickname: String { pick(en: "Another name for people", zh: "显示名称") }
    package var settingsNicknameHint: String { pick(en: "The address stays as it is.", zh: "不影响仓库地址。") }
    package var settingsDescription: String { pick(en: "Description", zh: "简介") }
    package var settingsTags: String { pick(en: "Tags of the card", zh: "卡片标签") }
    package var settingsTagsHint: String {
        pick(en: "Separated by commas; saved as a commit to the card.", zh: "用逗号分隔，保存时会提交到卡片。")
    }
    package var settingsDiscussions: String { pick(en: "Discussions and pull requests", zh: "开启讨论与合并请求") }
    package var settingsSetVisibility: String { pick(en: "Change who may see it", zh: "修改可见性") }
    package var settingsDefaultBranch: String { pick(en: "Default branch", zh: "默认分支") }
    package func settingsRemove(_ name: String) -> String { pick(en: "Remove \(name)", zh: "移除 \(name)") }
    package var protections: String { pick(en: "Protected branches", zh: "受保护的分支") }
    package var protectionNone: String { pick(en: "No branch is protected.", zh: "没有受保护的分支。") }
    package var protectionPattern: String { pick(en: "Branch", zh: "分支") }
    package var protectionPatternHint: String {
        pick(en: "A name, or its beginning and one *", zh: "分支名，或以 * 结尾的前缀")
    }
    package var protectionLevel: String { pick(en: "Protection", zh: "保护级别") }
    package var protectionHistory: String { pick(en: "Keeps its history", zh: "保留历史") }
    package var protectionFrozen: String { pick(en: "Frozen", zh: "冻结") }
    package var protect: String { pick(en: "Protect", zh: "添加保护") }
    package var gateWho: String { pick(en: "Who gets the files", zh: "文件访问方式") }
    package var gateOpen: String { pick(en: "Everybody who may see it", zh: "所有可见用户") }
    package var gateAuto: String { pick(en: "Whoever asks, at once", zh: "申请后立即获得") }
    package var gateManual: String { pick(en: "Whoever asks and is accepted", zh: "申请并经批准") }
    package var gateRequests: String { pick(en: "Requests", zh: "申请") }
    package var gateRequestsNone: String { pick(en: "Nobody has asked.", zh: "暂无申请。") }
    package func gateAccept(_ name: String) -> String { pick(en: "Accept \(name)", zh: "批准 \(name)") }
    package func gateReject(_ name: String) -> String { pick(en: "Reject \(name)", zh: "拒绝 \(name)") }
    package var gateState: String { pick(en: "State", zh: "状态") }
    package var gateAsked: String { pick(en: "Asked", zh: "申请时间") }
    package func gateStatus(_ word: String) -> String {
        switch word {
        case "accepted": pick(en: "Accepted", zh: "已批准")
        case "rejected": pick(en: "Rejected", zh: "已拒绝")
        default: pick(en: "Waiting", zh: "待处理")
        }
    }
    package var grantsNote: String {
        pick(
            en: "Beside what members of the owner may do anyway. Nobody gives more than he may do himself.",
            zh: "在所有者成员已有权限之外授予的权限。授予的权限不能超过自己的权限。")
    }
    package var grantsGiven: String { pick(en: "Rights that are given", zh: "已有授权") }
    package var grantsNone: String { pick(en: "Nothing is given apart from memberships.", zh: "除成员权限外，暂无其他授权。") }
    package var grantSubject: String { pick(en: "Who", zh: "对象") }
    package func grantSubject(_ subject: RepositorySettingsPage.Grant.Subject) -> String {
        switch subject {
        case .everyone: pick(en: "Everybody", zh: "所有人")
        case .signedIn: pick(en: "Everybody with an account", zh: "所有已登录用户")
        case .user(let name): pick(en: "\(name)", zh: "用户 \(name)")
        case .members(let name): pick(en: "Members of \(name)", zh: "\(name) 的成员")
        case .team(let name): pick(en: "Team \(name)", zh: "团队 \(name)")
        }
    }
    package var grantRight: String { pick(en: "Right", zh: "权限") }
    package func grantRole(_ role: String) -> String {
        switch role {
        case "reader": pick(en: "Reads", zh: "读取")
        case "contributor": pick(en: "Contributes", zh: "贡献")
        case "writer": pick(en: "Writes", zh: "写入")
        case "maintainer": pick(en: "Maintains", zh: "维护")
        case "admin": pick(en: "Administers", zh: "管理")
        default: pick(en: "Role \(role)", zh: "角色 \(role)")
        }
    }
    package func grantDenies(_ role: String) -> String {
        let right = grantRole(role)
        return pick(en: "Denied: \(right)", zh: "禁止：\(right)")
    }
    package var grantNew: String { pick(en: "Give a right", zh: "新增授权") }
    package var grantKind: String { pick(en: "To", zh: "授予") }
    package var grantUser: String { pick(en: "A user", zh: "用户") }
    package var grantOrganisation: String { pick(en: "Members of an organisation", zh: "组织成员") }
    package var grantName: String { pick(en: "Name", zh: "名称") }
    package var grantNameHint: String { pick(en: "Not for everybody", zh: "授予所有人时留空") }
    package var grantAdd: String { pick(en: "Give", zh: "授权") }
    package var expires: String { pick(en: "Ends", zh: "有效期") }
    package var never: String { pick(en: "Never", zh: "永久") }
    package func inDays(_ days: Int) -> String { pick(en: "In \(days) days", zh: "\(days) 天") }
    package var keysKnown: String { pick(en: "Keys of this repository", zh: "已有密钥") }
    package var keysNone: String { pick(en: "No key opens this repository alone.", zh: "暂无部署密钥。") }
    package var keyNew: String { pick(en: "Add a key", zh: "添加密钥") }
    package var keyText: String { pick(en: "Public key", zh: "公钥") }
    package var keyHint: String {
        pick(en: "A line of an .pub file, such as ssh-ed25519 AAAA…", zh: ".pub 文件中的一行，例如 ssh-ed25519 AAAA…")
    }
    package var keyName: String { pick(en: "Name", zh: "名称") }
    package var keyMayWrite: String { pick(en: "It may write", zh: "允许写入") }
    package var keyWrites: String { pick(en: "Reads and writes", zh: "读写") }
    package var keyReads: String { pick(en: "Reads", zh: "只读") }
    package var keyAdd: String { pick(en: "Add key", zh: "添加密钥") }
    package var webhooksNote: String {
        pick(en: "Yours that are told about this repository", zh: "您创建的、接收此仓库事件的 Webhook")
    }
    package var webhookNew: String { pick(en: "Tell a URL what happens", zh: "新增 Webhook") }
    package var webhookSecret: String { pick(en: "Secret", zh: "密钥") }
    package var webhookSecretHint: String { pick(en: "Signs what is sent", zh: "用于对消息签名") }
    package var webhookAdd: String { pick(en: "Add webhook", zh: "添加 Webhook") }
    package var webhookOn: String { pick(en: "On", zh: "已启用") }
    package var webhookOff: String { pick(en: "Off", zh: "已停用") }
    package var webhookEnable: String { pick(en: "Turn on", zh: "启用") }
    package var webhookDisable: String { pick(en: "Turn off", zh: "停用") }
    package var deliveries: String { pick(en: "What was sent", zh: "投递记录") }
    package var deliveriesNone: String { pick(en: "Nothing yet.", zh: "暂无记录。") }
    package var deliveryEvent: String { pick(en: "Event", zh: "事件") }
    package var deliveryAnswer: String { pick(en: "Answer", zh: "响应") }
    package var deliveryAttempts: String { pick(en: "Attempts", zh: "次数") }
    package var deliveryTime: String { pick(en: "When", zh: "时间") }
    package var deliveryAgain: String { pick(en: "Send again", zh: "重新发送") }
    package func deliveryState(_ word: String) -> String {
        switch word {
        case "sent": pick(en: "Sent", zh: "已送达")
        case "failed": pick(en: "Failed", zh: "失败")
        case "dropped": pick(en: "Dropped", zh: "已丢弃")
        default: pick(en: "Waiting", zh: "等待中")
        }
    }
    package var renameTitle: String { pick(en: "Rename or transfer", zh: "重命名或转移") }
    package var renameNote: String {
        pick(en: "The old address leads to the new one.", zh: "旧地址会重定向到新地址。")
    }
    package var rename: String { pick(en: "Rename", zh: "重命名") }
    package var deleteRepository: String { pick(en: "Delete this repository", zh: "删除此仓库") }
    package var deleteRepositoryNote: String {
        pick(en: "This cannot be undone. With it go:", zh: "此操作无法撤销，以下内容将一并删除：")
    }
    package func deleteFiles(_ branches: Int, _ tags: Int) -> String {
        pick(
            en: "all files and their history: \(branches) branches, \(tags) tags",
            zh: "所有文件及其历史：\(branches) 个分支、\(tags) 个标签")
    }
    package func deleteTalk(_ discussions: Int64, _ likes: Int64) -> String {
        pick(en: "\(discussions) discussions and \(likes) likes", zh: "\(discussions) 个讨论和 \(likes) 个赞")
    }
    package func deleteClients(_ downloads: String) -> String {
        pick(
            en: "whatever refers to its address: it was downloaded \(downloads) times",
            zh: "对其地址的所有引用（已下载 \(downloads) 次）")
    }
    package func deleteConfirm(_ path: String) -> String {
        pick(en: "Type \(path) to confirm", zh: "请输入 \(path) 以确认")
    }
    package func deleteMismatch(_ path: String) -> String {
        pick(en: "What you typed is not \(path).", zh: "输入内容与 \(path) 不一致。")
    }
    package func mirrorReadOnly(_ upstream: String) -> String {
        pick(en: "This is a mirror of \(upstream)", zh: "这是 \(upstream) 的镜像")
    }
    package var mirrorReadOnlyNote: String {
        pick(
            en:
                "Its files, name and visibility are its upstream's. What is kept, synchronised and allowed is set for the mirror.",
            zh: "其文件、名称和可见性由上游决定。保留、同步和策略在镜像中设置。")
    }
    package var mirrorPolicy: String { pick(en: "Policy of the mirror", zh: "镜像策略") }
    package var mirrorRetention: String { pick(en: "Pins and retention", zh: "固定与保留") }
    package var mirrorSync: String { pick(en: "Synchronisation", zh: "同步") }
    package var tagsInvalid: String {
        pick(en: "A tag is one word without commas, quotes or colons.", zh: "标签不能包含空格、逗号、引号或冒号。")
    }
}
