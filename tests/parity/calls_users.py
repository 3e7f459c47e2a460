"""The table of calls: users and their memories."""

from __future__ import annotations

import uuid

from tests.parity.table import (
    FUNCTION,
    MEMORY,
    MESSAGE,
    OTHER_FUNCTION,
    OTHER_USER,
    THREAD,
    USER,
    WHEN,
    Case,
    Opaque,
    Profile,
    each,
    id_forms,
)

USERS = [
    *each(
        "create_user",
        (),
        least={"user_id": USER, "name": "Ada"},
        tags={"user_id": USER, "name": "Ada", "tags": ["a", "b"]},
        tags_as_tuple={"user_id": USER, "name": "Ada", "tags": ("a", "b")},
        no_tags={"user_id": USER, "name": "Ada", "tags": []},
        metadata={"user_id": USER, "name": "Ada", "metadata": {"plan": "free"}},
        everything={"user_id": USER, "name": "\N{SNOWMAN}", "tags": ["a"], "metadata": {"n": "1"}},
        UUID={"user_id": uuid.UUID(USER), "name": "Ada"},
        UUID_in_metadata={"user_id": USER, "name": "Ada", "metadata": {"team": uuid.UUID(USER)}},
    ),
    *id_forms("get_user"),
    Case("get_user: by keyword", "get_user", (), {"user_id": USER}),
    *each(
        "update_user",
        (USER,),
        nothing={},
        name={"name": "Ada L."},
        tags={"tags": ["a"]},
        tags_as_tuple={"tags": ("a", "b")},
        no_tags={"tags": []},
        metadata={"metadata": {"plan": "paid"}},
        empty_metadata={"metadata": {}},
        everything={"name": "Ada L.", "tags": ["a"], "metadata": {"plan": "paid"}},
    ),
    Case("update_user: UUID", "update_user", (uuid.UUID(USER),), {"name": "Ada"}),
    *each(
        "list_users",
        (),
        all={},
        name={"name": ["Ada", "Bo"]},
        name_as_tuple={"name": ("Ada",)},
        id={"id": [USER, OTHER_USER]},
        id_as_UUID={"id": [uuid.UUID(USER)]},
        both={"name": ["Ada"], "id": (USER,)},
        empty_lists={"name": [], "id": []},
    ),
    Case("list_users: nobody", "list_users", replies=({"users": []},)),
]

MEMORIES = [
    *id_forms("list_user_memory"),
    Case("list_user_memory: nothing yet", "list_user_memory", (USER,), replies=([],)),
    *id_forms("trigger_all_for_user"),
    *each(
        "delete_user_memory",
        (),
        text={"user_id": USER, "memory_function_id": FUNCTION},
        UUID={"user_id": uuid.UUID(USER), "memory_function_id": uuid.UUID(FUNCTION)},
        no_id={"user_id": USER, "memory_function_id": "profile"},
    ),
    *each(
        "delete_individual_memories",
        (USER,),
        one={"memories": [MEMORY]},
        two={"memories": [MEMORY, uuid.UUID(MESSAGE)]},
        tuple={"memories": (uuid.UUID(MEMORY),)},
        none={"memories": []},
    ),
    *each(
        "update_user_memory",
        (USER,),
        text={"memory_function_id": FUNCTION, "state": {"name": "Ada", "pets": ["Momo"]}},
        UUID={"memory_function_id": uuid.UUID(FUNCTION), "state": {"name": "Ada"}},
        empty={"memory_function_id": FUNCTION, "state": {}},
        rich_values={
            "memory_function_id": FUNCTION,
            "state": {
                "by": uuid.UUID(USER),
                "at": [WHEN],
                "profile": Profile(name="Ada", pets=["Momo"]),
            },
        },
        unknown_value={"memory_function_id": FUNCTION, "state": {"pets": [Opaque()]}},
    ),
    Case(
        "update_user_memory: null reply",
        "update_user_memory",
        (uuid.UUID(USER),),
        {"memory_function_id": FUNCTION, "state": {}},
        replies=(None,),
    ),
    *each(
        "get_user_memory",
        (USER,),
        text={"memory_function_id": FUNCTION},
        UUID={"memory_function_id": uuid.UUID(FUNCTION)},
    ),
    Case(
        "get_user_memory: null",
        "get_user_memory",
        (USER,),
        {"memory_function_id": FUNCTION},
        replies=(None,),
    ),
    Case(
        "get_user_memory: empty",
        "get_user_memory",
        (USER,),
        {"memory_function_id": FUNCTION},
        replies=({},),
    ),
    *each(
        "query_user_memory",
        (USER, "marmots"),
        defaults={},
        k={"k": 3},
        memory_function_ids={"memory_function_ids": [FUNCTION, OTHER_FUNCTION]},
        memory_function_ids_as_UUID={"memory_function_ids": (uuid.UUID(FUNCTION),)},
        no_memory_function_ids={"memory_function_ids": []},
        weights={"weights": {"relevance": 1.0, "recency": 0.0, "importance": 0.5}},
        states={"states_to_return": [FUNCTION]},
        states_as_UUID={"states_to_return": (uuid.UUID(FUNCTION),)},
        no_states={"states_to_return": []},
        thread_summaries={"thread_summaries": [FUNCTION]},
        thread_summaries_as_UUID={"thread_summaries": (uuid.UUID(FUNCTION),)},
        no_thread_summaries={"thread_summaries": []},
        thread_summaries_k_alone={"thread_summaries_k": 5},
        thread_summaries_with_k={
            "thread_summaries": [FUNCTION, OTHER_FUNCTION],
            "thread_summaries_k": 5,
        },
        everything_but_thread_summaries={
            "k": 1,
            "memory_function_ids": [FUNCTION],
            "weights": {"recency": 2.0},
            "states_to_return": [OTHER_FUNCTION],
        },
    ),
    Case(
        "query_user_memory: by position",
        "query_user_memory",
        (uuid.UUID(USER), "", 7, [FUNCTION], {"importance": 1.0}, [OTHER_FUNCTION]),
    ),
    Case(
        "query_user_memory: by keyword",
        "query_user_memory",
        (),
        {"user_id": USER, "text": "winter \N{SNOWFLAKE}", "k": 1},
    ),
    Case("query_user_memory: no id", "query_user_memory", ("ada", "marmots")),
    *id_forms("list_thread_memory"),
    Case("list_thread_memory: nothing yet", "list_thread_memory", (THREAD,), replies=([],)),
    Case("list_thread_memory: item by item", "list_thread_memory", (THREAD,), reading="items"),
    *id_forms("trigger_all_for_thread"),
    *each(
        "get_thread_memory",
        (THREAD,),
        text={"memory_function_id": FUNCTION},
        UUID={"memory_function_id": uuid.UUID(FUNCTION)},
    ),
]


CASES = [*USERS, *MEMORIES]
