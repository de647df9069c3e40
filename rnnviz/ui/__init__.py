"""The Streamlit side: the only package in rnnviz that imports Streamlit."""
