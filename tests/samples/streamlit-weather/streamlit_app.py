import humanize
import pandas as pd
import streamlit as st

st.set_page_config(page_title="Weather Explorer", page_icon="🌤️")
st.title("Weather Explorer")


@st.cache_data
def load():
    return pd.read_csv("data/temperatures.csv", parse_dates=["month"])


data = load()
cities = st.multiselect("Cities", sorted(data["city"].unique()), default=["Bergen", "Lisbon"])
shown = data[data["city"].isin(cities)]
st.line_chart(shown, x="month", y="celsius", color="city")
st.caption(f"{humanize.intcomma(len(data))} measurements")
st.metric("Warmest month", f"{shown['celsius'].max():.1f} °C")

uploaded = st.file_uploader("Compare with your own CSV")
if uploaded is not None:
    st.write(f"{len(pd.read_csv(uploaded))} rows uploaded")
