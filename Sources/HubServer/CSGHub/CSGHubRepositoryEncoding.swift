import HubCore

extension JSONWriter {
    /// The `Repo` object (wire/csghub.md §2.2, A2). `scores` are for `need_multi_sync=true`.
    mutating func csghubRepository(
        _ shown: CSGHubRepository, for request: HubRequest, scores: [(name: String, score: Double)] = []
    ) {
        let repository = shown.repository
        let id = repository.id
        object { json in
            json.member("id", repository.key)
            json.member("repository_id", repository.key)
            json.member("name", id.name)
            json.member("nickname", shown.profile.nickname ?? id.name)
            json.member("description", shown.profile.description ?? "")
            json.member("path", id.path)
            json.member("private", repository.isPrivate)
            json.member("likes", repository.likes)
            if id.kind == .space { json.member("like_count", repository.likes) }
            json.member("downloads", repository.downloads)
            json.member("default_branch", repository.defaultBranch)
            json.member("readme", "")
            json.member("status", "")
            json.member("sensitive_check_status", "")
            json.member("url", "")
            json.member("license", shown.card.licenses.first ?? "")
            json.key("user")
            json.csghubOwner(of: repository)
            json.key("namespace")
            json.csghubNamespace(of: shown)
            json.array("tags") { json in
                for tag in shown.tags { json.csghubTag(tag, of: id.kind, createdAt: repository.createdAt) }
            }
            json.object("repository") { json in
                json.member("http_clone_url", "\(request.baseURL)/\(id.kind.gitPlural)/\(id.path).git")
                json.member("ssh_clone_url", "")
            }
            json.member("created_at", JSONDate.text(milliseconds: repository.createdAt))
            json.member("updated_at", JSONDate.text(milliseconds: repository.updatedAt))
            json.csghubMirroring(of: shown)
            json.member("user_likes", shown.isLiked)
            json.member("can_write", shown.rights.canWrite)
            json.member("can_manage", shown.rights.canManage)
            json.member("xnet_enabled", false)
            if shown.profile.weight != 0 { json.member("recom_op_weight", shown.profile.weight) }
            json.csghubKindMembers(of: shown)
            if !scores.isEmpty {
                json.array("scores") { json in
                    for score in scores {
                        json.object { json in
                            json.member("weight_name", score.name)
                            json.member("score", score.score)
                        }
                    }
                }
            }
        }
    }

    private mutating func csghubMirroring(of shown: CSGHubRepository) {
        member("source", shown.source)
        member("sync_status", shown.syncStatus)
        member("mirror_task_status", shown.task?.status.rawValue ?? "")
        // Go's zero time: never.
        member(
            "mirror_last_updated_at",
            shown.task.map { JSONDate.text(milliseconds: $0.updatedAt) } ?? "0001-01-01T00:00:00Z"
        )
        member("hf_path", shown.huggingFacePath)
        member("ms_path", shown.modelScopePath)
        member("csg_path", shown.csghubPath)
    }

    private mutating func csghubKindMembers(of shown: CSGHubRepository) {
        switch shown.repository.id.kind {
        case .model:
            member("base_model", shown.card.data?["base_model"]?.strings.first ?? "")
            member("widget_type", "")
            member("enable_inference", false)
            member("enable_finetune", false)
            member("enable_evaluation", false)
            member("report_url", "")
            member("medium_risk_count", 0)
            member("high_risk_count", 0)
            member("arch_allowed", true)
            object("metadata") { json in
                json.member("model_params", 0)
                json.member("tensor_type", "")
                json.member("architecture", shown.configuration?.architectures.first ?? "")
                json.member("mini_gpu_memory_gb", 0)
                json.member("mini_gpu_finetune_gb", 0)
                json.member("model_type", shown.configuration?.modelType ?? "")
                json.member("class_name", "")
                json.array("quantizations") { _ in }
            }
        case .space:
            member("sdk", shown.card.data?["sdk"]?.scalarText ?? "")
            member("sdk_version", shown.card.data?["sdk_version"]?.scalarText ?? "")
        // Nothing is sold here.
        case .dataset:
            member("dataset_type", "")
            member("related_dataset_id", 0)
            member("price", 0)
            member("forked", false)
            member("is_for_sale", false)
            member("user_purchased", false)
        case .code, .prompt, .mcpserver, .skill: break
        }
    }

    /// The owner as an account: a namespace is one, whoever holds it. A CSGHub that follows us asks for his address too,
    /// which is nobody's business.
    private mutating func csghubOwner(of repository: Repository) {
        object { json in
            json.member("username", repository.id.namespace)
            json.member("nickname", repository.id.namespace)
            json.member("avatar", "")
            json.member("uuid", "")
            json.member("email", "")
            json.member("created_at", JSONDate.text(milliseconds: repository.createdAt))
        }
    }

    /// The one object whose keys CSGHub capitalises.
    private mutating func csghubNamespace(of shown: CSGHubRepository) {
        let repository = shown.repository
        let type = shown.isOrganisations ? "organization" : "user"
        object { json in
            json.member("Path", repository.id.namespace)
            json.member("Type", type)
            json.member("Avatar", "")
            json.member("UUID", "")
            json.member("NSType", type)
            json.key("User")
            json.csghubOwner(of: repository)
        }
    }
}
