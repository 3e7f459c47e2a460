# Made by scripts/generate from openapi.yaml; edit that instead.
"""One attrs class or enum per schema of the API; plain dicts are typed by `langmem_api.types` instead."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .add_messages_request import AddMessagesRequest
    from .add_thread_state_request import AddThreadStateRequest
    from .add_thread_state_request_state import AddThreadStateRequestState
    from .create_memory_function_request import CreateMemoryFunctionRequest
    from .create_thread_request import CreateThreadRequest
    from .create_thread_request_metadata_type_0 import CreateThreadRequestMetadataType0
    from .create_user_request import CreateUserRequest
    from .create_user_request_metadata_type_0 import CreateUserRequestMetadataType0
    from .daily_usage import DailyUsage
    from .error_response import ErrorResponse
    from .export_page import ExportPage
    from .get_thread_memory_response_200 import GetThreadMemoryResponse200
    from .get_thread_state_request import GetThreadStateRequest
    from .get_thread_state_response import GetThreadStateResponse
    from .get_thread_state_response_state_type_0 import GetThreadStateResponseStateType0
    from .get_user_memory_response_200_type_0 import GetUserMemoryResponse200Type0
    from .health import Health
    from .health_status_type_0 import HealthStatusType0
    from .import_records_request import ImportRecordsRequest
    from .import_result import ImportResult
    from .lang_mem_message import LangMemMessage
    from .lang_mem_message_input import LangMemMessageInput
    from .list_messages_response import ListMessagesResponse
    from .list_runs_response import ListRunsResponse
    from .list_usage_response import ListUsageResponse
    from .memory import Memory
    from .memory_content import MemoryContent
    from .memory_function import MemoryFunction
    from .memory_function_record import MemoryFunctionRecord
    from .memory_function_record_type import MemoryFunctionRecordType
    from .memory_function_schema import MemoryFunctionSchema
    from .memory_function_schema_parameters import MemoryFunctionSchemaParameters
    from .memory_function_status import MemoryFunctionStatus
    from .memory_function_type import MemoryFunctionType
    from .memory_output import MemoryOutput
    from .memory_output_output import MemoryOutputOutput
    from .memory_scores import MemoryScores
    from .memory_weights import MemoryWeights
    from .message_content_type_1_item import MessageContentType1Item
    from .message_format import MessageFormat
    from .message_metadata import MessageMetadata
    from .message_metadata_input import MessageMetadataInput
    from .message_record import MessageRecord
    from .message_record_type import MessageRecordType
    from .message_user import MessageUser
    from .message_user_input import MessageUserInput
    from .open_ai_message import OpenAIMessage
    from .open_ai_message_input import OpenAIMessageInput
    from .processed_messages import ProcessedMessages
    from .query_memory_functions_request import QueryMemoryFunctionsRequest
    from .query_memory_functions_response import QueryMemoryFunctionsResponse
    from .query_user_memory_request import QueryUserMemoryRequest
    from .query_user_memory_response import QueryUserMemoryResponse
    from .query_user_memory_response_state_type_0_item_type_0 import (
        QueryUserMemoryResponseStateType0ItemType0,
    )
    from .query_users_request import QueryUsersRequest
    from .query_users_response import QueryUsersResponse
    from .readiness import Readiness
    from .run import Run
    from .run_status import RunStatus
    from .target_type import TargetType
    from .thread import Thread
    from .thread_list_item import ThreadListItem
    from .thread_memory_record import ThreadMemoryRecord
    from .thread_memory_record_output import ThreadMemoryRecordOutput
    from .thread_memory_record_type import ThreadMemoryRecordType
    from .thread_metadata_type_0 import ThreadMetadataType0
    from .thread_query import ThreadQuery
    from .thread_record import ThreadRecord
    from .thread_record_metadata_type_0 import ThreadRecordMetadataType0
    from .thread_record_type import ThreadRecordType
    from .thread_state_record import ThreadStateRecord
    from .thread_state_record_state import ThreadStateRecordState
    from .thread_state_record_type import ThreadStateRecordType
    from .token_usage import TokenUsage
    from .update_memory_function_request import UpdateMemoryFunctionRequest
    from .update_memory_function_request_function import (
        UpdateMemoryFunctionRequestFunction,
    )
    from .update_memory_function_request_schema import UpdateMemoryFunctionRequestSchema
    from .update_user_memory_request import UpdateUserMemoryRequest
    from .update_user_memory_request_state import UpdateUserMemoryRequestState
    from .update_user_request import UpdateUserRequest
    from .update_user_request_metadata import UpdateUserRequestMetadata
    from .user import User
    from .user_memory_record import UserMemoryRecord
    from .user_memory_record_content import UserMemoryRecordContent
    from .user_memory_record_type import UserMemoryRecordType
    from .user_metadata_type_0 import UserMetadataType0
    from .user_record import UserRecord
    from .user_record_metadata_type_0 import UserRecordMetadataType0
    from .user_record_type import UserRecordType
    from .user_state_record import UserStateRecord
    from .user_state_record_state import UserStateRecordState
    from .user_state_record_type import UserStateRecordType
else:
    from importlib import import_module

    _MODULES = {
        "AddMessagesRequest": "add_messages_request",
        "AddThreadStateRequest": "add_thread_state_request",
        "AddThreadStateRequestState": "add_thread_state_request_state",
        "CreateMemoryFunctionRequest": "create_memory_function_request",
        "CreateThreadRequest": "create_thread_request",
        "CreateThreadRequestMetadataType0": "create_thread_request_metadata_type_0",
        "CreateUserRequest": "create_user_request",
        "CreateUserRequestMetadataType0": "create_user_request_metadata_type_0",
        "DailyUsage": "daily_usage",
        "ErrorResponse": "error_response",
        "ExportPage": "export_page",
        "GetThreadMemoryResponse200": "get_thread_memory_response_200",
        "GetThreadStateRequest": "get_thread_state_request",
        "GetThreadStateResponse": "get_thread_state_response",
        "GetThreadStateResponseStateType0": "get_thread_state_response_state_type_0",
        "GetUserMemoryResponse200Type0": "get_user_memory_response_200_type_0",
        "Health": "health",
        "HealthStatusType0": "health_status_type_0",
        "ImportRecordsRequest": "import_records_request",
        "ImportResult": "import_result",
        "LangMemMessage": "lang_mem_message",
        "LangMemMessageInput": "lang_mem_message_input",
        "ListMessagesResponse": "list_messages_response",
        "ListRunsResponse": "list_runs_response",
        "ListUsageResponse": "list_usage_response",
        "Memory": "memory",
        "MemoryContent": "memory_content",
        "MemoryFunction": "memory_function",
        "MemoryFunctionRecord": "memory_function_record",
        "MemoryFunctionRecordType": "memory_function_record_type",
        "MemoryFunctionSchema": "memory_function_schema",
        "MemoryFunctionSchemaParameters": "memory_function_schema_parameters",
        "MemoryFunctionStatus": "memory_function_status",
        "MemoryFunctionType": "memory_function_type",
        "MemoryOutput": "memory_output",
        "MemoryOutputOutput": "memory_output_output",
        "MemoryScores": "memory_scores",
        "MemoryWeights": "memory_weights",
        "MessageContentType1Item": "message_content_type_1_item",
        "MessageFormat": "message_format",
        "MessageMetadata": "message_metadata",
        "MessageMetadataInput": "message_metadata_input",
        "MessageRecord": "message_record",
        "MessageRecordType": "message_record_type",
        "MessageUser": "message_user",
        "MessageUserInput": "message_user_input",
        "OpenAIMessage": "open_ai_message",
        "OpenAIMessageInput": "open_ai_message_input",
        "ProcessedMessages": "processed_messages",
        "QueryMemoryFunctionsRequest": "query_memory_functions_request",
        "QueryMemoryFunctionsResponse": "query_memory_functions_response",
        "QueryUserMemoryRequest": "query_user_memory_request",
        "QueryUserMemoryResponse": "query_user_memory_response",
        "QueryUserMemoryResponseStateType0ItemType0": "query_user_memory_response_state_type_0_item_type_0",
        "QueryUsersRequest": "query_users_request",
        "QueryUsersResponse": "query_users_response",
        "Readiness": "readiness",
        "Run": "run",
        "RunStatus": "run_status",
        "TargetType": "target_type",
        "Thread": "thread",
        "ThreadListItem": "thread_list_item",
        "ThreadMemoryRecord": "thread_memory_record",
        "ThreadMemoryRecordOutput": "thread_memory_record_output",
        "ThreadMemoryRecordType": "thread_memory_record_type",
        "ThreadMetadataType0": "thread_metadata_type_0",
        "ThreadQuery": "thread_query",
        "ThreadRecord": "thread_record",
        "ThreadRecordMetadataType0": "thread_record_metadata_type_0",
        "ThreadRecordType": "thread_record_type",
        "ThreadStateRecord": "thread_state_record",
        "ThreadStateRecordState": "thread_state_record_state",
        "ThreadStateRecordType": "thread_state_record_type",
        "TokenUsage": "token_usage",
        "UpdateMemoryFunctionRequest": "update_memory_function_request",
        "UpdateMemoryFunctionRequestFunction": "update_memory_function_request_function",
        "UpdateMemoryFunctionRequestSchema": "update_memory_function_request_schema",
        "UpdateUserMemoryRequest": "update_user_memory_request",
        "UpdateUserMemoryRequestState": "update_user_memory_request_state",
        "UpdateUserRequest": "update_user_request",
        "UpdateUserRequestMetadata": "update_user_request_metadata",
        "User": "user",
        "UserMemoryRecord": "user_memory_record",
        "UserMemoryRecordContent": "user_memory_record_content",
        "UserMemoryRecordType": "user_memory_record_type",
        "UserMetadataType0": "user_metadata_type_0",
        "UserRecord": "user_record",
        "UserRecordMetadataType0": "user_record_metadata_type_0",
        "UserRecordType": "user_record_type",
        "UserStateRecord": "user_state_record",
        "UserStateRecordState": "user_state_record_state",
        "UserStateRecordType": "user_state_record_type",
    }

    def __getattr__(name):
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
        globals()[name] = value
        return value

    def __dir__():
        return sorted({*globals(), *_MODULES})


__all__ = (
    "AddMessagesRequest",
    "AddThreadStateRequest",
    "AddThreadStateRequestState",
    "CreateMemoryFunctionRequest",
    "CreateThreadRequest",
    "CreateThreadRequestMetadataType0",
    "CreateUserRequest",
    "CreateUserRequestMetadataType0",
    "DailyUsage",
    "ErrorResponse",
    "ExportPage",
    "GetThreadMemoryResponse200",
    "GetThreadStateRequest",
    "GetThreadStateResponse",
    "GetThreadStateResponseStateType0",
    "GetUserMemoryResponse200Type0",
    "Health",
    "HealthStatusType0",
    "ImportRecordsRequest",
    "ImportResult",
    "LangMemMessage",
    "LangMemMessageInput",
    "ListMessagesResponse",
    "ListRunsResponse",
    "ListUsageResponse",
    "Memory",
    "MemoryContent",
    "MemoryFunction",
    "MemoryFunctionRecord",
    "MemoryFunctionRecordType",
    "MemoryFunctionSchema",
    "MemoryFunctionSchemaParameters",
    "MemoryFunctionStatus",
    "MemoryFunctionType",
    "MemoryOutput",
    "MemoryOutputOutput",
    "MemoryScores",
    "MemoryWeights",
    "MessageContentType1Item",
    "MessageFormat",
    "MessageMetadata",
    "MessageMetadataInput",
    "MessageRecord",
    "MessageRecordType",
    "MessageUser",
    "MessageUserInput",
    "OpenAIMessage",
    "OpenAIMessageInput",
    "ProcessedMessages",
    "QueryMemoryFunctionsRequest",
    "QueryMemoryFunctionsResponse",
    "QueryUserMemoryRequest",
    "QueryUserMemoryResponse",
    "QueryUserMemoryResponseStateType0ItemType0",
    "QueryUsersRequest",
    "QueryUsersResponse",
    "Readiness",
    "Run",
    "RunStatus",
    "TargetType",
    "Thread",
    "ThreadListItem",
    "ThreadMemoryRecord",
    "ThreadMemoryRecordOutput",
    "ThreadMemoryRecordType",
    "ThreadMetadataType0",
    "ThreadQuery",
    "ThreadRecord",
    "ThreadRecordMetadataType0",
    "ThreadRecordType",
    "ThreadStateRecord",
    "ThreadStateRecordState",
    "ThreadStateRecordType",
    "TokenUsage",
    "UpdateMemoryFunctionRequest",
    "UpdateMemoryFunctionRequestFunction",
    "UpdateMemoryFunctionRequestSchema",
    "UpdateUserMemoryRequest",
    "UpdateUserMemoryRequestState",
    "UpdateUserRequest",
    "UpdateUserRequestMetadata",
    "User",
    "UserMemoryRecord",
    "UserMemoryRecordContent",
    "UserMemoryRecordType",
    "UserMetadataType0",
    "UserRecord",
    "UserRecordMetadataType0",
    "UserRecordType",
    "UserStateRecord",
    "UserStateRecordState",
    "UserStateRecordType",
)
